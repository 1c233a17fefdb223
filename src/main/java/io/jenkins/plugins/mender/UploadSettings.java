package io.jenkins.plugins.mender;

import hudson.EnvVars;
import hudson.Util;
import io.jenkins.plugins.mender.upload.IfExists;
import io.jenkins.plugins.mender.upload.Verify;
import java.io.Serializable;

/** The parameters of an upload, the same for step and builder. A parameter that was not given, or given empty, is null. */
final class UploadSettings implements Serializable {
    private static final long serialVersionUID = 1;

    private final String artifact;
    private String serverUrl;
    private String credentialsId;
    private String description;
    private String ifExists;
    private String verify;
    private boolean dryRun;

    UploadSettings(String artifact) {
        this.artifact = Util.fixNull(artifact).trim();
    }

    /** {@return Ant patterns of the files to upload, comma separated, relative to the workspace; possibly empty} */
    String getArtifact() {
        return artifact;
    }

    String getServerUrl() {
        return serverUrl;
    }

    void setServerUrl(String serverUrl) {
        this.serverUrl = Util.fixEmptyAndTrim(serverUrl);
    }

    String getCredentialsId() {
        return credentialsId;
    }

    void setCredentialsId(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    String getDescription() {
        return description;
    }

    void setDescription(String description) {
        this.description = Util.fixEmptyAndTrim(description);
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

    boolean isDryRun() {
        return dryRun;
    }

    void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    /** {@return a copy with the variables in each parameter replaced by their values} */
    UploadSettings expand(EnvVars env) {
        UploadSettings expanded = new UploadSettings(env.expand(artifact));
        expanded.setServerUrl(env.expand(serverUrl));
        expanded.setCredentialsId(env.expand(credentialsId));
        expanded.setDescription(env.expand(description));
        expanded.setIfExists(env.expand(ifExists));
        expanded.setVerify(env.expand(verify));
        expanded.setDryRun(dryRun);
        return expanded;
    }
}
