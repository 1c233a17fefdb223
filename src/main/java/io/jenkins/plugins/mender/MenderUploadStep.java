package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.UploadJournal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The Pipeline step {@code menderUpload}: uploads Artifacts from the workspace and returns what the server holds then. */
public final class MenderUploadStep extends Step {
    private final UploadSettings settings;

    /**
     * Creates the step.
     *
     * @param artifact Ant patterns of the files to upload, comma separated, relative to the workspace
     */
    @DataBoundConstructor
    public MenderUploadStep(String artifact) {
        this.settings = new UploadSettings(artifact);
    }

    /** {@return Ant patterns of the files to upload} */
    public String getArtifact() {
        return settings.getArtifact();
    }

    /** {@return the name of a configured Mender Server, or null} */
    public String getServer() {
        return settings.getServer();
    }

    /** Sets the name of a configured Mender Server. */
    @DataBoundSetter
    public void setServer(String server) {
        settings.setServer(server);
    }

    /** {@return the Mender Server's URL, or null} */
    public String getServerUrl() {
        return settings.getServerUrl();
    }

    /** Sets the Mender Server's URL. */
    @DataBoundSetter
    public void setServerUrl(String serverUrl) {
        settings.setServerUrl(serverUrl);
    }

    /** {@return the id of the credentials, or null} */
    public String getCredentialsId() {
        return settings.getCredentialsId();
    }

    /** Sets the id of the credentials. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        settings.setCredentialsId(credentialsId);
    }

    /** {@return the text stored with the Artifact, or null} */
    public String getDescription() {
        return settings.getDescription();
    }

    /** Sets the text stored with the Artifact. */
    @DataBoundSetter
    public void setDescription(String description) {
        settings.setDescription(description);
    }

    /** {@return tags for the Release, possibly none} */
    public List<String> getTags() {
        return settings.getTags();
    }

    /** {@return the tags with commas between, for the form} */
    public String getTagsText() {
        return String.join(", ", settings.getTags());
    }

    /** Sets tags for the Release, which are added to those that it has. */
    @DataBoundSetter
    public void setTags(List<String> tags) {
        settings.setTags(tags);
    }

    /** {@return the Release's notes, or null} */
    public String getNotes() {
        return settings.getNotes();
    }

    /** Sets the Release's notes. */
    @DataBoundSetter
    public void setNotes(String notes) {
        settings.setNotes(notes);
    }

    /** {@return what to do when the Artifact is there already: {@code fail}, {@code reuse} or {@code replace}} */
    public String getIfExists() {
        return settings.getIfExists();
    }

    /** Sets what to do when the Artifact is there already. */
    @DataBoundSetter
    public void setIfExists(String ifExists) {
        settings.setIfExists(ifExists);
    }

    /** {@return how thoroughly files are looked at: {@code structure}, {@code full} or {@code none}} */
    public String getVerify() {
        return settings.getVerify();
    }

    /** Sets how thoroughly files are looked at. */
    @DataBoundSetter
    public void setVerify(String verify) {
        settings.setVerify(verify);
    }

    /** {@return how often to try what may pass} */
    public int getMaxAttempts() {
        return settings.getMaxAttempts();
    }

    /** Sets how often to try what may pass. */
    @DataBoundSetter
    public void setMaxAttempts(int maxAttempts) {
        settings.setMaxAttempts(maxAttempts);
    }

    /** {@return the longest time without a byte moving, in seconds} */
    public int getStallTimeout() {
        return settings.getStallTimeout();
    }

    /** Sets the longest time without a byte moving, in seconds. */
    @DataBoundSetter
    public void setStallTimeout(int stallTimeout) {
        settings.setStallTimeout(stallTimeout);
    }

    /** {@return whether to do everything but change the server} */
    public boolean isDryRun() {
        return settings.isDryRun();
    }

    /** Sets whether to do everything but change the server. */
    @DataBoundSetter
    public void setDryRun(boolean dryRun) {
        settings.setDryRun(dryRun);
    }

    @Override
    public StepExecution start(StepContext context) throws IOException, InterruptedException {
        ServerForm.forgetToken(settings.getCredentialsId(), context);
        return new Execution(context, settings);
    }

    /**
     * A run of the step. It works in a thread of its own and ends once, in whatever order it is begun, stopped, resumed and done: Jenkins may
     * stop a step before it resumes it. What was stopped ends with the cause of that, and does not begin. When Jenkins is back after a
     * restart, the upload goes on from its journal: what arrived is not sent again.
     */
    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "with Jenkins, what lasts as long as Jenkins is up begins anew")
    public static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1;

        /** How long an aborted upload gets to close its connection and to say what the server holds. */
        private static final long END_SECONDS = 5;

        private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(1);

        /** How long to wait for an agent that is gone, as the step {@code sh} does. */
        private static volatile Duration patience = Duration.ofMinutes(5);

        /** Those that have a thread. */
        private static final Set<Execution> RUNNING = ConcurrentHashMap.newKeySet();

        /** Tests hold threads back. */
        private static volatile Executor threads = Computer.threadPoolForRemoting;

        private final UploadSettings settings;
        private final UploadJournal journal;

        /** The agent's name, empty for the built-in node; null where the workspace is on none of Jenkins' computers. */
        private final String node;

        private final String path;

        /** Who may be interrupted: set while the upload works, and no longer when its end is reported. */
        private transient Thread thread;

        private transient Throwable stopped;
        private transient boolean suspended;
        private transient boolean ended;

        Execution(StepContext context, UploadSettings settings) throws IOException, InterruptedException {
            super(context);
            this.settings = settings;
            this.journal = new Journal(context);
            FilePath workspace = context.get(FilePath.class);
            Computer computer = workspace.toComputer();
            this.node = computer == null ? null : computer.getName();
            this.path = workspace.getRemote();
        }

        /** Sets how long to wait for an agent that is gone, for tests. */
        static void setPatience(Duration other) {
            patience = other;
        }

        /** Sets what gives uploads their threads, for tests. */
        static void setThreads(Executor other) {
            threads = other;
        }

        @Override
        public boolean start() {
            threads.execute(this::run);
            return false;
        }

        @Override
        public void onResume() {
            threads.execute(this::run);
        }

        /** Interrupts the upload and has the step end with a cause; the first one counts. */
        @Override
        public void stop(@NonNull Throwable cause) {
            if (interrupt(cause)) {
                Timer.get().schedule(() -> end(null, cause), END_SECONDS, TimeUnit.SECONDS);
            } else {
                end(null, cause);
            }
        }

        /** Breaks all uploads off before Jenkins goes down, so that connections are closed and nothing is reported as failed. */
        @Terminator
        public static void suspendAll() {
            for (Execution upload : RUNNING) {
                upload.suspend();
            }
        }

        private synchronized void suspend() {
            suspended = true;
            interrupt(null);
        }

        private void run() {
            RUNNING.add(this);
            try {
                if (enter()) {
                    List<MenderUploadResult> results = upload();
                    leave();
                    end(results, null);
                }
            } catch (Throwable e) { // whatever it is, the Pipeline must not wait for ever
                leave();
                end(null, e);
            } finally {
                RUNNING.remove(this);
            }
        }

        private List<MenderUploadResult> upload() throws IOException, InterruptedException {
            try {
                workspace();
            } catch (AbortException e) {
                throw new AbortException(e.getMessage() + ' ' + journal.stored());
            }
            StepContext context = getContext();
            return new UploadRun(context.get(Run.class), this::workspace, context.get(TaskListener.class), journal)
                    .upload(settings);
        }

        /**
         * {@return the workspace} It outlives the connection to its agent and a restart of Jenkins: it is waited for, as the step {@code sh}
         * does, for 5 minutes, and longer while the agent is connecting.
         *
         * @throws AbortException when the agent is gone for good
         */
        private FilePath workspace() throws IOException, InterruptedException {
            if (node == null) {
                FilePath workspace = getContext().get(FilePath.class);
                if (workspace == null) {
                    throw new AbortException(Messages.Workspace_lost());
                }
                return workspace;
            }
            Instant begin = Instant.now();
            boolean told = false;
            while (true) {
                Computer computer = Jenkins.get().getComputer(node);
                VirtualChannel channel = computer == null ? null : computer.getChannel();
                if (channel != null && !(channel instanceof Channel remote && remote.isClosingOrClosed())) {
                    return new FilePath(channel, path);
                }
                if (!told) {
                    new UploadRun.Log(getContext().get(TaskListener.class)).line(Messages.Workspace_waiting(node));
                    told = true;
                }
                Duration waited = Duration.between(begin, Instant.now());
                if (waited.compareTo(patience) > 0 && (computer == null || !computer.isConnecting())) {
                    OfflineCause cause = computer == null ? null : computer.getOfflineCause();
                    throw new AbortException(Messages.Workspace_gone(
                            node,
                            Util.getTimeSpanString(waited.toMillis()),
                            cause == null ? Messages.Workspace_removed() : PlainText.oneLine(cause.toString(), 500)));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }

        /** {@return whether there is anything to do: not for a step that was stopped, nor when Jenkins goes down} */
        private synchronized boolean enter() {
            if (stopped != null || suspended) {
                return false;
            }
            thread = Thread.currentThread();
            return true;
        }

        /** From here on nobody interrupts: what reports a step's end reads files, and an interrupt would keep it from that. */
        private synchronized void leave() {
            thread = null;
            Thread.interrupted();
        }

        /** {@return whether there is a thread that works, and ends the step when it notices} */
        private synchronized boolean interrupt(Throwable cause) {
            if (stopped == null) {
                stopped = cause;
            }
            if (thread == null) {
                return false;
            }
            thread.interrupt();
            return true;
        }

        /** Ends the step once: as it was stopped if it was, else with what came of it; not with a failure when Jenkins goes down. */
        private void end(List<MenderUploadResult> results, Throwable problem) {
            Throwable cause;
            synchronized (this) {
                cause = stopped == null ? problem : stopped;
                if (ended || stopped == null && problem != null && suspended) {
                    return;
                }
                ended = true;
            }
            if (cause == null) {
                getContext().onSuccess(results);
            } else {
                getContext().onFailure(cause);
            }
        }
    }

    /** What is known of a step's files: each entry is written with the Pipeline's own state before the upload goes on. */
    private static final class Journal extends UploadJournal {
        private static final long serialVersionUID = 1;
        private static final Logger LOGGER = Logger.getLogger(MenderUploadStep.class.getName());
        private static final long SAVE_SECONDS = 30;

        private final StepContext context;

        Journal(StepContext context) {
            this.context = context;
        }

        @Override
        protected void save() throws InterruptedException {
            try {
                context.saveState().get(SAVE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // the upload is worth more than the note of it
                LOGGER.log(Level.WARNING, "The state of an upload could not be saved", e);
            }
        }
    }

    /** Describes the step, and serves the form that it shares with {@link MenderUploadBuilder}. */
    @Extension
    public static final class DescriptorImpl extends UploadForm {
        @Override
        public String getFunctionName() {
            return "menderUpload";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MenderUpload_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, FilePath.class, TaskListener.class);
        }

        /** {@return Artifact and server, for views of the Pipeline's stages} */
        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object artifact = Util.fixNull(namedArgs.get("artifact"), "");
            Object server = namedArgs.getOrDefault("server", namedArgs.get("serverUrl"));
            return server == null
                    ? artifact.toString()
                    : Messages.MenderUpload_arguments(artifact, MenderServer.withoutUser(server.toString()));
        }
    }
}
