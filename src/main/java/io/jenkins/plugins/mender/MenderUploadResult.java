package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.mender.upload.UploadResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What a Pipeline gets for each uploaded file. Its properties can be read in the sandbox and outlive a restart. */
@ExportedBean(defaultVisibility = 3)
public final class MenderUploadResult implements Serializable {
    private static final long serialVersionUID = 1;

    private final String id;
    private final String name;
    private final String url;
    private final String fileName;
    private final long size;
    private final String sha256;
    private final ArrayList<String> deviceTypes;
    private final String outcome;
    private final int httpStatus;
    private final String requestId;
    private final int attempts;
    private final long durationMillis;

    MenderUploadResult(UploadResult result) {
        this.id = result.id();
        this.name = result.name();
        this.url = result.url().toString();
        this.fileName = result.fileName();
        this.size = result.size();
        this.sha256 = result.sha256();
        this.deviceTypes = new ArrayList<>(result.deviceTypes());
        this.outcome = result.outcome().name();
        this.httpStatus = result.httpStatus();
        this.requestId = result.requestId();
        this.attempts = result.attempts();
        this.durationMillis = result.durationMillis();
    }

    /** {@return the Artifact's id on the server; empty after a dry run} */
    @Exported
    @Whitelisted
    public String getId() {
        return id;
    }

    /** {@return the Artifact's name; empty when the server does not tell it to this token} */
    @Exported
    @Whitelisted
    public String getName() {
        return name;
    }

    /** {@return the Release's page in the server's web interface} */
    @Exported
    @Whitelisted
    public String getUrl() {
        return url;
    }

    /** {@return the file's path relative to the workspace, with slashes} */
    @Exported
    @Whitelisted
    @SuppressFBWarnings(value = "NM_CONFUSING", justification = "the other spelling is HttpClient's")
    public String getFileName() {
        return fileName;
    }

    /** {@return the file's size in bytes} */
    @Exported
    @Whitelisted
    public long getSize() {
        return size;
    }

    /** {@return the file's SHA-256, lower case hex digits; empty when it was not sent} */
    @Exported
    @Whitelisted
    public String getSha256() {
        return sha256;
    }

    /** {@return the device types that the Artifact is for} */
    @Exported
    @Whitelisted
    public List<String> getDeviceTypes() {
        return new ArrayList<>(deviceTypes);
    }

    /** {@return how it came to be on the server: {@code UPLOADED}, {@code REUSED}, {@code REPLACED}; or {@code PLANNED}} */
    @Exported
    @Whitelisted
    public String getOutcome() {
        return outcome;
    }

    /** {@return the HTTP status of the server's answer} */
    @Exported
    @Whitelisted
    public int getHttpStatus() {
        return httpStatus;
    }

    /** {@return the id under which the server's log knows the request} */
    @Exported
    @Whitelisted
    public String getRequestId() {
        return requestId;
    }

    /** {@return how many times the file was sent or begun to be sent} */
    @Exported
    @Whitelisted
    public int getAttempts() {
        return attempts;
    }

    /** {@return time from the first attempt's begin to the answer, in milliseconds} */
    @Exported
    @Whitelisted
    public long getDurationMillis() {
        return durationMillis;
    }

    @Override
    public String toString() {
        return name + " (" + id + ")";
    }
}
