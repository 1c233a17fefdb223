/**
 * Mender's management API: what to say, and what the answer means. Knows nothing of Jenkins: it uses {@code http} and Jackson, and is
 * tested without Jenkins.
 */
package io.jenkins.plugins.mender.api;
