/**
 * What runs where the workspace lies: the search for files, the reading of an Artifact, one HTTP exchange. The controller decides, the
 * agent moves bytes; and since an agent can be anybody's, whatever it says is held to what it can have to say.
 */
package io.jenkins.plugins.mender.agent;
