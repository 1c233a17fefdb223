package io.jenkins.plugins.mender;

import hudson.EnvVars;
import hudson.Util;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.config.ServerCredentials;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parameters of an upload, the same for step and builder. A parameter that was not given, or given empty, is null. */
final class UploadSettings implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int DEFAULT_STALL_SECONDS =
            (int) ConnectionSettings.defaults().stallTimeout().toSeconds();

    private final String artifact;
    private String server;
    private String serverUrl;
    private String credentialsId;
    private String description;
    private ArrayList<String> tags;
    private String notes;
    private String ifExists;
    private String verify;
    private int maxAttempts;
    private int stallTimeout;
    private boolean dryRun;

    UploadSettings(String artifact) {
        this.artifact = Util.fixNull(artifact).trim();
    }

    /** {@return Ant patterns of the files to upload, comma separated, relative to the workspace; possibly empty} */
    String getArtifact() {
        return artifact;
    }

    String getServer() {
        return server;
    }

    void setServer(String server) {
        this.server = Util.fixEmptyAndTrim(server);
    }

    String getServerUrl() {
        return serverUrl;
    }

    /** Sets the URL without the user and the password that it may have, since others can read the job's configuration. */
    void setServerUrl(String serverUrl) {
        this.serverUrl = MenderServer.withoutUser(Util.fixEmptyAndTrim(serverUrl));
    }

    String getCredentialsId() {
        return credentialsId;
    }

    /** Sets the id of the credentials. A token that somebody gives instead is not kept: others can read the job's configuration. */
    void setCredentialsId(String credentialsId) {
        this.credentialsId = ServerCredentials.withoutToken(Util.fixEmptyAndTrim(credentialsId));
    }

    private Object readResolve() {
        setCredentialsId(credentialsId);
        return this;
    }

    String getDescription() {
        return description;
    }

    void setDescription(String description) {
        this.description = Util.fixEmptyAndTrim(description);
    }

    /** {@return tags for the Release, possibly none} */
    List<String> getTags() {
        return tags == null ? List.of() : List.copyOf(tags);
    }

    /** Sets the tags; an element may hold several, with commas between. */
    void setTags(List<String> tags) {
        Set<String> all = new LinkedHashSet<>();
        tags.forEach(some -> Stream.of(some.split(",")).map(String::trim).forEach(all::add));
        all.remove("");
        this.tags = all.isEmpty() ? null : new ArrayList<>(all);
    }

    String getNotes() {
        return notes;
    }

    void setNotes(String notes) {
        this.notes = Util.fixEmptyAndTrim(notes);
    }

    /** {@return a value of {@link IfExists} in lower case, never null} */
    String getIfExists() {
        return ifExists == null ? IfExists.FAIL.text() : ifExists;
    }

    void setIfExists(String ifExists) {
        this.ifExists = Util.fixEmptyAndTrim(ifExists);
    }

    /** {@return a value of {@link Verify} in lower case, never null} */
    String getVerify() {
        return verify == null ? Verify.STRUCTURE.text() : verify;
    }

    void setVerify(String verify) {
        this.verify = Util.fixEmptyAndTrim(verify);
    }

    /** {@return how often to try what may pass} */
    int getMaxAttempts() {
        return maxAttempts == 0 ? UploadOptions.DEFAULT_ATTEMPTS : maxAttempts;
    }

    void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /** {@return the longest time without a byte moving, in seconds} */
    int getStallTimeout() {
        return stallTimeout == 0 ? DEFAULT_STALL_SECONDS : stallTimeout;
    }

    void setStallTimeout(int stallTimeout) {
        this.stallTimeout = stallTimeout;
    }

    boolean isDryRun() {
        return dryRun;
    }

    void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    /** {@return whether a variable stands in one of the parameters that {@link #expand} replaces them in} */
    boolean mentions(String variable) {
        return Stream.concat(
                        getTags().stream(),
                        Stream.of(artifact, server, serverUrl, description, notes, ifExists, verify))
                .filter(Objects::nonNull)
                .anyMatch(text -> text.contains("${" + variable + '}')
                        || text.matches("(?s).*\\$" + Pattern.quote(variable) + "\\b.*"));
    }

    /**
     * {@return a copy with the variables in each parameter replaced by their values} The id of the credentials stays as it is: the expression
     * of a parameter is for Jenkins' own look-up, which checks who may use what.
     */
    UploadSettings expand(EnvVars env) {
        UploadSettings expanded = new UploadSettings(env.expand(artifact));
        expanded.setServer(env.expand(server));
        expanded.setServerUrl(env.expand(serverUrl));
        expanded.setCredentialsId(credentialsId);
        expanded.setDescription(env.expand(description));
        expanded.setTags(getTags().stream().map(env::expand).toList());
        expanded.setNotes(env.expand(notes));
        expanded.setIfExists(env.expand(ifExists));
        expanded.setVerify(env.expand(verify));
        expanded.setMaxAttempts(maxAttempts);
        expanded.setStallTimeout(stallTimeout);
        expanded.setDryRun(dryRun);
        return expanded;
    }
}
