/**
 * What an administrator sets: Mender Servers by name, how they are reached, which credentials jobs may fall back on, and
 * whether jobs may name other servers. It uses the engine's packages, and nothing of the step and the build step.
 */
package io.jenkins.plugins.mender.config;
