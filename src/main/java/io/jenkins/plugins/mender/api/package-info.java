/**
 * Mender's management API and the way an exchange with it travels. Knows nothing of Jenkins: it uses the JDK, Apache
 * HttpClient 5 and Jackson, and is tested without Jenkins.
 */
package io.jenkins.plugins.mender.api;
