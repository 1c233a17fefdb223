/**
 * The benchmark: how fast the plugin's engine uploads beside {@code curl} and {@code mender-cli}, and what it takes. Needs no
 * Jenkins. Run as CONTRIBUTING.md says; its results are in {@code docs/benchmark.md}.
 */
package io.jenkins.plugins.mender.benchmark;
