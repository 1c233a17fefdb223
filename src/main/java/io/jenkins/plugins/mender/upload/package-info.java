/**
 * One upload from file to verdict: what is said to the server, what its answer means, and what the log tells of it. Knows
 * nothing of Jenkins; what users read stands in {@code Texts.properties}.
 */
package io.jenkins.plugins.mender.upload;
