package io.jenkins.plugins.mender;

import hudson.model.Fingerprint;
import hudson.model.Run;
import hudson.tasks.Fingerprinter.FingerprintAction;
import io.jenkins.plugins.mender.agent.Workspace;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadResult;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** Keeps what became of files where people look for it: on the build's page, in the remote API, among the fingerprints. */
final class UploadRecord {
    /** File systems keep times in steps of up to this many milliseconds. */
    private static final long TIME_STEP_MILLIS = 2000;

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private final Run<?, ?> run;
    private final Workspace workspace;
    private final BuildLog log;
    private final Map<String, ArtifactDetails> details = new HashMap<>();

    UploadRecord(Run<?, ?> run, Workspace workspace, BuildLog log) {
        this.run = run;
        this.workspace = workspace;
        this.log = log;
    }

    /** Remembers what the files hold, and {@return the same} */
    List<PreparedArtifact> of(List<PreparedArtifact> artifacts) {
        for (PreparedArtifact artifact : artifacts) {
            artifact.known().ifPresent(known -> details.put(artifact.file().name(), ArtifactDetails.of(known)));
        }
        return artifacts;
    }

    /**
     * Keeps results. What cannot be kept is told in the log: it does not change that the Artifacts are on the server.
     *
     * @param results what became of the files, or of those that came before one that failed
     * @throws InterruptedException when the thread was interrupted while a file was read
     */
    void keep(List<UploadResult> results) throws InterruptedException {
        if (results.isEmpty()) {
            return;
        }
        Map<String, String> fingerprints = new HashMap<>();
        try {
            for (UploadResult result : results) {
                if (result.outcome() != Outcome.PLANNED) {
                    fingerprints.put(result.fileName(), fingerprint(result.fileName()));
                }
            }
        } catch (IOException e) {
            log.line(Messages.Uploads_notFingerprinted(e.getMessage()));
        } finally {
            List<UploadedArtifact> artifacts = new ArrayList<>();
            for (UploadResult result : results) {
                String file = result.fileName();
                artifacts.add(new UploadedArtifact(
                        new MenderUploadResult(result), details.get(file), fingerprints.get(file)));
            }
            MenderUploadsAction.add(run, artifacts);
            addFingerprints(run, fingerprints);
            save();
        }
    }

    /** Tells Jenkins that the run used the file, and made it when it is not older than the run. */
    private String fingerprint(String fileName) throws IOException, InterruptedException {
        String md5 =
                workspace.ask(String.class, folder -> folder.child(fileName).digest());
        long modified =
                workspace.ask(Long.class, folder -> folder.child(fileName).lastModified());
        if (!MD5.matcher(md5).matches()) {
            throw Workspace.strange("MD5 " + md5);
        }
        boolean made = modified >= run.getTimeInMillis() - TIME_STEP_MILLIS;
        String name = fileName.substring(fileName.lastIndexOf('/') + 1);
        Fingerprint fingerprint = Jenkins.get().getFingerprintMap().getOrCreate(made ? run : null, name, md5);
        fingerprint.addFor(run);
        return md5;
    }

    private static synchronized void addFingerprints(Run<?, ?> run, Map<String, String> fingerprints) {
        FingerprintAction action = run.getAction(FingerprintAction.class);
        if (action != null) {
            action.add(fingerprints);
        } else if (!fingerprints.isEmpty()) {
            run.addAction(new FingerprintAction(run, fingerprints));
        }
    }

    private void save() {
        try {
            run.save();
        } catch (IOException e) {
            log.line(Messages.Uploads_notKept(e.getMessage()));
        }
    }
}
