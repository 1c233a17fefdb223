package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.mender.upload.Texts;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.util.Locale;
import java.util.Objects;
import org.jvnet.localizer.LocaleProvider;

/** One Artifact on a build's pages, in the reader's language. Kept with the build. */
public final class UploadedArtifact {
    private final MenderUploadResult result;
    private final ArtifactDetails details;
    private final String fingerprint;

    /**
     * Creates the entry.
     *
     * @param result what became of it
     * @param details what its header says, or null when that is not known
     * @param fingerprint the file's MD5 as Jenkins knows it, or null when it has none
     */
    UploadedArtifact(
            MenderUploadResult result, @CheckForNull ArtifactDetails details, @CheckForNull String fingerprint) {
        this.result = result;
        this.details = details;
        this.fingerprint = fingerprint;
    }

    /** Whether another entry is of the same file and the same Artifact on the server. */
    boolean isSameAs(UploadedArtifact other) {
        return result.getId().equals(other.result.getId())
                && result.getFileName().equals(other.result.getFileName())
                && result.getRequestId().equals(other.result.getRequestId());
    }

    /** {@return what the Pipeline step returned} */
    public MenderUploadResult getResult() {
        return result;
    }

    /** {@return what its header says, or null} */
    @CheckForNull
    public ArtifactDetails getDetails() {
        return details;
    }

    /** {@return the MD5 under which Jenkins knows the file, or null} */
    @CheckForNull
    public String getFingerprint() {
        return fingerprint;
    }

    /** {@return the Artifact's name, or the file's when the Artifact's is not known} */
    public String getName() {
        return result.getName().isEmpty() ? result.getFileName() : result.getName();
    }

    /** {@return the Release's page on the server; null when there is none, or the text is not an address of the web} */
    @CheckForNull
    public String getLink() {
        String url = result.getUrl();
        String lower = url.toLowerCase(Locale.ROOT);
        boolean web = lower.startsWith("https://") || lower.startsWith("http://");
        return web && !isPlanned() ? url : null;
    }

    /** {@return how it came to be on the server} */
    public String getOutcomeText() {
        return switch (result.getOutcome()) {
            case "UPLOADED" -> Messages.Outcome_uploaded();
            case "REUSED" -> Messages.Outcome_reused();
            case "REPLACED" -> Messages.Outcome_replaced();
            case "RECOVERED" -> Messages.Outcome_recovered();
            case "PLANNED" -> Messages.Outcome_planned();
            default -> result.getOutcome();
        };
    }

    /** {@return the file's size, such as {@code 512.0 MiB}} */
    public String getSizeText() {
        return Texts.size(result.getSize(), LocaleProvider.getLocale());
    }

    /** {@return the device types, with commas between} */
    public String getDeviceTypesText() {
        return String.join(", ", result.getDeviceTypes());
    }

    /** {@return how long it took and how fast that was; null when nothing was sent} */
    @CheckForNull
    public String getDurationText() {
        if (result.getAttempts() == 0) {
            return null;
        }
        long millis = Math.max(1, result.getDurationMillis());
        String time = Util.getTimeSpanString(millis);
        if (result.getAttempts() > 1 || !sentWhole()) {
            return time;
        }
        long rate = Math.round(result.getSize() * 1000.0 / millis);
        return Messages.Uploads_rate(time, Texts.size(rate, LocaleProvider.getLocale()));
    }

    /** {@return how many attempts it took; null when nothing was sent} */
    @CheckForNull
    public String getAttemptsText() {
        return result.getAttempts() == 0 ? null : Messages.Uploads_attempts(result.getAttempts());
    }

    private boolean sentWhole() {
        return Objects.equals(result.getOutcome(), Outcome.UPLOADED.name())
                || Objects.equals(result.getOutcome(), Outcome.REPLACED.name());
    }

    private boolean isPlanned() {
        return Objects.equals(result.getOutcome(), Outcome.PLANNED.name());
    }
}
