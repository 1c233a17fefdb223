package io.jenkins.plugins.mender;

import hudson.AbortException;
import hudson.Util;
import hudson.console.HyperlinkNote;
import hudson.model.Fingerprint;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.Fingerprinter.FingerprintAction;
import io.jenkins.plugins.mender.agent.AgentTransport;
import io.jenkins.plugins.mender.agent.Workspace;
import io.jenkins.plugins.mender.agent.WorkspaceFiles;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Remark;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.config.ConfigurationProblem;
import io.jenkins.plugins.mender.config.ServerAccess;
import io.jenkins.plugins.mender.config.ServerCredentials;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.ReleaseMarks;
import io.jenkins.plugins.mender.upload.TokenValidity;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadJournal;
import io.jenkins.plugins.mender.upload.UploadLog;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import io.jenkins.plugins.mender.upload.UploadResult;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/**
 * The one way through a run, for step and build step: finds server, credentials and files, uploads, and reports in the build log, on the
 * build's page, in the remote API and among the fingerprints.
 */
final class UploadRun {
    /** File systems keep times in steps of up to this many milliseconds. */
    private static final long TIME_STEP_MILLIS = 2000;

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    /** What shells and other tools have in patterns, variables apart. */
    private static final Pattern UNKNOWN_PATTERN = Pattern.compile("(?<!\\$)\\{|[;|]");

    /** Tests make waits shorter. */
    private static volatile Pacing pacing = Pacing.real();

    private static volatile Duration answerTimeout =
            ConnectionSettings.defaults().answerTimeout();

    private final Run<?, ?> run;
    private final Workspace workspace;
    private final Log log;
    private final UploadJournal journal;
    private final Map<String, ArtifactDetails> details = new HashMap<>();

    /** When each of the files was changed last, in milliseconds since 1970. */
    private final Map<String, Long> modified = new HashMap<>();

    UploadRun(Run<?, ?> run, Workspace workspace, TaskListener listener, UploadJournal journal) {
        this.run = run;
        this.workspace = workspace;
        this.log = new Log(listener);
        this.journal = journal;
    }

    /** Sets how the waits between attempts pass, for tests. */
    static void setPacing(Pacing other) {
        pacing = other;
    }

    /** Sets how long the server may take to answer, for tests. */
    static void setAnswerTimeout(Duration timeout) {
        answerTimeout = timeout;
    }

    /**
     * Uploads every file that the settings name, one after another.
     *
     * @param settings the settings as they are meant, with no variables to replace
     * @return a result for each file, in the order of the log
     * @throws AbortException when anything did not work; its message says what, and what the server holds
     * @throws InterruptedException when the build was aborted; the connection is closed then
     */
    ArrayList<MenderUploadResult> upload(UploadSettings settings) throws IOException, InterruptedException {
        require(!settings.getArtifact().isEmpty(), Messages.Artifact_empty());
        UploadOptions options = options(settings);
        ReleaseMarks marks =
                new ReleaseMarks(settings.getTags(), settings.getNotes() == null ? "" : settings.getNotes());
        ServerAccess access;
        Credential credential;
        try {
            access = ServerAccess.find(settings.getServer(), settings.getServerUrl());
            credential = credential(settings, access);
        } catch (ConfigurationProblem e) {
            throw refusal(e.getMessage());
        }
        warnOfEnd(credential, run, Duration.ZERO, pacing, log);
        MenderServer server = access.server();
        if (settings.getServerUrl() != null
                && server.name().isEmpty()
                && !server.isWrittenAs(settings.getServerUrl())) {
            log.line(Messages.ServerUrl_cut(server));
        }
        ConnectionSettings way =
                access.settings().withTimeouts(Duration.ofSeconds(settings.getStallTimeout()), answerTimeout);
        List<ArtifactFile> files = files(settings.getArtifact());
        files.forEach(file -> modified.put(file.name(), file.modified()));
        ArrayList<MenderUploadResult> results = new ArrayList<>();
        try {
            List<PreparedArtifact> artifacts;
            UploadSession session;
            try {
                artifacts = new Preparation((file, full) -> WorkspaceFiles.read(workspace, file, full), options, log)
                        .prepare(files);
                for (PreparedArtifact artifact : artifacts) {
                    artifact.known()
                            .ifPresent(known -> details.put(artifact.file().name(), ArtifactDetails.of(known)));
                }
                UploadSession.notes(server, way).forEach(log::line);
                Transport transport = new AgentTransport(workspace, way);
                session = UploadSession.open(transport, server, credential, options, pacing, log)
                        .knowing(MenderUploadsAction.uploadedBy(run))
                        .rereading(() -> reread(settings, access));
                marks.check(artifacts.stream().map(PreparedArtifact::name).toList(), session);
            } catch (UploadFailure e) {
                throw journal.beforeSending(e);
            }
            List<UploadResult> uploaded = session.upload(artifacts, journal);
            keep(uploaded);
            if (!options.dryRun()) {
                marks.set(uploaded.stream().map(UploadResult::name).toList(), session);
            }
            uploaded.forEach(result -> results.add(new MenderUploadResult(result)));
        } catch (InterruptedException e) {
            log.line(journal.stored());
            addToBuild(journal.results(), Map.of());
            throw e;
        } catch (UploadFailure e) {
            keep(journal.results());
            e.explanation().forEach(log::line);
            throw new AbortException(e.getMessage());
        }
        return results;
    }

    /** Those of the step outrank those of the server. */
    private Credential credential(UploadSettings settings, ServerAccess access) throws ConfigurationProblem {
        String own = settings.getCredentialsId();
        return own == null ? access.defaultCredential(run) : ServerCredentials.ofJob(own, run, access.server());
    }

    private Credential reread(UploadSettings settings, ServerAccess access) {
        try {
            return credential(settings, access);
        } catch (ConfigurationProblem e) {
            return null;
        }
    }

    /**
     * Warns of a token that may expire before the run ends, by the time that runs of the job usually take.
     *
     * @param wait for how long the step may wait at least, whatever is usual
     */
    static void warnOfEnd(Credential credential, Run<?, ?> run, Duration wait, Pacing pacing, Log log) {
        long passed = System.currentTimeMillis() - run.getStartTimeInMillis();
        long left = Math.max(run.getEstimatedDuration() - passed, wait.toMillis());
        if (left > 0 && credential instanceof Credential.BearerToken token) {
            TokenValidity validity = TokenValidity.of(token.secret(), pacing.now());
            if (validity.endsWithin(Duration.ofMillis(left)) && !validity.isOver()) {
                log.line(Messages.Token_endsDuringBuild(token.id(), validity.text(), Util.getTimeSpanString(left)));
            }
        }
    }

    private UploadOptions options(UploadSettings settings) throws AbortException {
        Optional<IfExists> ifExists = IfExists.of(settings.getIfExists());
        require(ifExists.isPresent(), Messages.IfExists_unknown(settings.getIfExists()));
        Optional<Verify> verify = Verify.of(settings.getVerify());
        require(verify.isPresent(), Messages.Verify_unknown(settings.getVerify()));
        require(settings.getMaxAttempts() > 0, Messages.MaxAttempts_small(settings.getMaxAttempts()));
        require(settings.getStallTimeout() > 0, Messages.StallTimeout_small(settings.getStallTimeout()));
        String description = settings.getDescription() == null ? "" : settings.getDescription();
        return new UploadOptions(
                description, ifExists.get(), verify.get(), settings.getMaxAttempts(), settings.isDryRun());
    }

    private List<ArtifactFile> files(String patterns) throws IOException, InterruptedException {
        String folder = workspace.get().getRemote();
        WorkspaceFiles.Match match;
        try {
            match = WorkspaceFiles.find(workspace, patterns);
        } catch (AbortException e) {
            throw refusal(Messages.Artifact_unsearchable(e.getMessage()));
        }
        require(
                match.files().size() <= WorkspaceFiles.MOST_FILES,
                Messages.Artifact_many(patterns, WorkspaceFiles.MOST_FILES));
        String unreadable = match.names(Remark.UNREADABLE);
        require(unreadable.isEmpty(), Messages.Artifact_unreadable(unreadable));
        String unnameable = match.names(Remark.UNNAMEABLE);
        require(unnameable.isEmpty(), Messages.Artifact_unnameable(unnameable));
        String outside = match.names(Remark.OUTSIDE);
        String passedOver = match.names(Remark.PASSED_OVER);
        if (match.files().isEmpty()) {
            throw refusal(nothing(match, patterns, folder, outside, passedOver));
        }
        if (!outside.isEmpty()) {
            log.line(Messages.Artifact_ignored(outside));
        }
        if (!passedOver.isEmpty()) {
            log.line(Messages.Artifact_passedOver(passedOver));
        }
        return match.files();
    }

    /** {@return why there is no file to upload} */
    private static String nothing(
            WorkspaceFiles.Match match, String patterns, String folder, String outside, String passedOver) {
        if (!outside.isEmpty()) {
            return Messages.Artifact_outside(outside);
        }
        if (!passedOver.isEmpty()) {
            return Messages.Artifact_lost(passedOver);
        }
        if (!match.names(Remark.DIRECTORY).isEmpty()) {
            return Messages.Artifact_directory(match.names(Remark.DIRECTORY));
        }
        if (match.empty()) {
            return Messages.Artifact_emptyFolder(patterns, folder);
        }
        if (UNKNOWN_PATTERN.matcher(patterns).find()) {
            return Messages.Artifact_pattern(patterns, folder);
        }
        if (patterns.startsWith("/") || patterns.matches("[A-Za-z]:[/\\\\].*") || patterns.startsWith("..")) {
            return Messages.Artifact_elsewhere(patterns, folder);
        }
        return match.names(Remark.CANDIDATE).isEmpty()
                ? Messages.Artifact_none(patterns, folder)
                : Messages.Artifact_candidates(patterns, folder, match.names(Remark.CANDIDATE));
    }

    private void require(boolean condition, String message) throws AbortException {
        if (!condition) {
            throw refusal(message);
        }
    }

    private AbortException refusal(String message) {
        return new AbortException(message + ' ' + (journal.isBegun() ? journal.stored() : Messages.Upload_nothing()));
    }

    /**
     * Keeps results. What cannot be kept is told in the log: it does not change that the Artifacts are on the server.
     *
     * @param results what became of the files, or of those that came before one that failed
     * @throws InterruptedException when the thread was interrupted while a file was read
     */
    private void keep(List<UploadResult> results) throws InterruptedException {
        if (results.isEmpty()) {
            return;
        }
        Map<String, String> fingerprints = new HashMap<>();
        try {
            for (UploadResult result : results) {
                if (result.outcome() != Outcome.PLANNED) {
                    fingerprints.put(result.fileName(), fingerprint(result));
                }
            }
        } catch (IOException e) {
            log.line(Messages.Uploads_notFingerprinted(e.getMessage()));
        } finally {
            addToBuild(results, fingerprints);
        }
    }

    private void addToBuild(List<UploadResult> results, Map<String, String> fingerprints) {
        if (results.isEmpty()) {
            return;
        }
        List<UploadedArtifact> artifacts = new ArrayList<>();
        for (UploadResult result : results) {
            String file = result.fileName();
            artifacts.add(
                    new UploadedArtifact(new MenderUploadResult(result), details.get(file), fingerprints.get(file)));
        }
        MenderUploadsAction.add(run, artifacts);
        addFingerprints(run, fingerprints);
        save();
    }

    /** Tells Jenkins that the run used the file, and made it when it is not older than the run. */
    private String fingerprint(UploadResult result) throws IOException, InterruptedException {
        String fileName = result.fileName();
        String md5 = result.md5();
        if (md5.isEmpty()) { // of what was sent it is known
            md5 = workspace.ask(String.class, folder -> folder.child(fileName).digest());
        }
        if (!MD5.matcher(md5).matches()) {
            throw Workspace.strange("MD5 " + md5);
        }
        boolean made = modified.getOrDefault(fileName, 0L) >= run.getTimeInMillis() - TIME_STEP_MILLIS;
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

    /** The build log as an upload writes it: every line begins with {@code [Mender]}, addresses can be clicked. */
    static final class Log implements UploadLog {
        private static final String PREFIX = "[Mender] ";

        private final TaskListener listener;

        Log(TaskListener listener) {
            this.listener = listener;
        }

        @Override
        public void line(String line) {
            listener.getLogger().println(PREFIX + line);
        }

        @Override
        public String link(URI url) {
            return HyperlinkNote.encodeTo(url.toString(), url.toString());
        }
    }
}
