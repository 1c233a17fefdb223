/**
 * A Mender Server for tests and the demos: it answers as real servers of several versions were recorded to answer, as far as
 * the plugin is concerned. Needs no Jenkins.
 */
package io.jenkins.plugins.mender.simulator;
