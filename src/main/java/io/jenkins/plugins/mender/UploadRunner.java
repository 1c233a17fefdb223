package io.jenkins.plugins.mender;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.mender.agent.AgentInspector;
import io.jenkins.plugins.mender.agent.AgentTransport;
import io.jenkins.plugins.mender.agent.Workspace;
import io.jenkins.plugins.mender.agent.WorkspaceFiles;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.config.ConfigurationProblem;
import io.jenkins.plugins.mender.config.JobCredentials;
import io.jenkins.plugins.mender.config.ServerAccess;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadJournal;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import io.jenkins.plugins.mender.upload.UploadResult;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The core of step and builder: finds server, credentials and files of a run, uploads, and reports in the build log. */
final class UploadRunner {
    /** Tests make waits shorter. */
    private static volatile Pacing pacing = Pacing.real();

    private static volatile Duration answerTimeout =
            ConnectionSettings.defaults().answerTimeout();

    private final Run<?, ?> run;
    private final Workspace workspace;
    private final EnvVars env;
    private final TaskListener listener;
    private final UploadJournal journal;

    UploadRunner(Run<?, ?> run, Workspace workspace, EnvVars env, TaskListener listener, UploadJournal journal) {
        this.run = run;
        this.workspace = workspace;
        this.env = env;
        this.listener = listener;
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
     * @param parameters the settings, variables not yet expanded
     * @return a result for each file, in the order of the log
     * @throws AbortException when anything did not work; its message says what, and what the server holds
     * @throws InterruptedException when the build was aborted; the connection is closed then
     */
    ArrayList<MenderUploadResult> upload(UploadSettings parameters) throws IOException, InterruptedException {
        UploadSettings settings = parameters.expand(env);
        require(!settings.getArtifact().isEmpty(), Messages.Artifact_empty());
        UploadOptions options = options(settings);
        ServerAccess connection = connection(settings);
        MenderServer server = connection.server();
        ConnectionSettings way =
                connection.settings().withTimeouts(Duration.ofSeconds(settings.getStallTimeout()), answerTimeout);
        Credential credential = credential(settings, connection);
        List<ArtifactFile> files = files(settings.getArtifact());
        BuildLog log = new BuildLog(listener);
        UploadRecord record = new UploadRecord(run, workspace, log);
        ArrayList<MenderUploadResult> results = new ArrayList<>();
        try {
            List<PreparedArtifact> artifacts;
            UploadSession session;
            try {
                artifacts = record.of(new Preparation(new AgentInspector(workspace), options, log).prepare(files));
                UploadSession.notes(server, way).forEach(log::line);
                Transport transport = new AgentTransport(workspace, way);
                session = UploadSession.open(transport, server, credential, options, pacing, log);
            } catch (UploadFailure e) {
                throw journal.beforeSending(e);
            }
            List<UploadResult> uploaded = session.upload(artifacts, journal);
            record.keep(uploaded);
            uploaded.forEach(result -> results.add(new MenderUploadResult(result)));
        } catch (InterruptedException e) {
            log.line(journal.stored());
            throw e;
        } catch (UploadFailure e) {
            record.keep(journal.results());
            e.explanation().forEach(log::line);
            throw new AbortException(e.getMessage());
        }
        return results;
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

    private ServerAccess connection(UploadSettings settings) throws AbortException {
        try {
            return ServerAccess.find(settings.getServer(), settings.getServerUrl());
        } catch (ConfigurationProblem e) {
            throw refusal(e.getMessage());
        }
    }

    /** The job's own credentials outrank those of the server. */
    private Credential credential(UploadSettings settings, ServerAccess connection) throws AbortException {
        String own = settings.getCredentialsId();
        try {
            return own == null ? connection.defaultCredential(run) : JobCredentials.find(own, run, connection.server());
        } catch (ConfigurationProblem e) {
            throw refusal(e.getMessage());
        }
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
        require(match.outside().isEmpty(), Messages.Artifact_outside(String.join(", ", match.outside())));
        require(match.unreadable().isEmpty(), Messages.Artifact_unreadable(String.join(", ", match.unreadable())));
        require(match.directories().isEmpty(), Messages.Artifact_directory(String.join(", ", match.directories())));
        require(
                !match.files().isEmpty(),
                match.candidates().isEmpty()
                        ? Messages.Artifact_none(patterns, folder)
                        : Messages.Artifact_candidates(patterns, folder, String.join(", ", match.candidates())));
        return match.files();
    }

    private void require(boolean condition, String message) throws AbortException {
        if (!condition) {
            throw refusal(message);
        }
    }

    private AbortException refusal(String message) {
        return new AbortException(message + ' ' + (journal.isBegun() ? journal.stored() : Messages.Upload_nothing()));
    }
}
