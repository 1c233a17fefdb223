/** What people do with the plugin, done in an installed Chromium; and the pictures of the README, taken there. */
package io.jenkins.plugins.mender.browser;
