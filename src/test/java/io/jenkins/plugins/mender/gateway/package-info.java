/** Uploads through real gateways, which are started from the configurations in {@code src/test/resources/gateways}. */
package io.jenkins.plugins.mender.gateway;
