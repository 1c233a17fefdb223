/**
 * The Jenkins face of the plugin: the Pipeline step {@code menderUpload}, the freestyle build step, and what both share. The
 * controller decides, the agent moves bytes: what travels is one small exchange at a time.
 */
package io.jenkins.plugins.mender;
