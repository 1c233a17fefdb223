package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.config.ConfigurationProblem;
import io.jenkins.plugins.mender.config.ServerAccess;
import io.jenkins.plugins.mender.config.ServerCredentials;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.DeploymentGoal;
import io.jenkins.plugins.mender.upload.DeploymentGoal.OnTimeout;
import io.jenkins.plugins.mender.upload.DeploymentWatch;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Access;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Order;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The Pipeline step {@code menderDeploy}: deploys an Artifact to devices and waits until enough of them have it. The controller asks the
 * server; neither a workspace nor an executor is needed.
 */
public final class MenderDeployStep extends Step {
    private static final int DEFAULT_MINUTES = 240;
    private static final String ABORT = "abort";

    private String group;
    private ArrayList<String> devices = new ArrayList<>();
    private boolean allDevices;
    private String artifact;
    private String server;
    private String serverUrl;
    private String credentialsId;
    private String name;
    private String deployment;
    private boolean force;
    private boolean wait = true;
    private String minSuccess;
    private Integer maxFailures;
    private String onFailure;
    private int timeout = DEFAULT_MINUTES;
    private String onTimeout;
    private boolean unstableOnFailure;

    /** Creates the step. */
    @DataBoundConstructor
    public MenderDeployStep() {
        // everything is optional, though some target has to be given
    }

    /** {@return the name of a group of devices, or null} */
    public String getGroup() {
        return group;
    }

    /** Sets the group whose devices are meant. */
    @DataBoundSetter
    public void setGroup(String group) {
        this.group = Util.fixEmptyAndTrim(group);
    }

    /** {@return the ids of devices} */
    public List<String> getDevices() {
        return List.copyOf(devices);
    }

    /** {@return the ids with commas between, for the form} */
    public String getDevicesText() {
        return String.join(", ", devices);
    }

    /** Sets the ids of the devices that are meant; an element may hold several, with blanks or commas between. */
    @DataBoundSetter
    public void setDevices(List<String> devices) {
        Set<String> ids = new LinkedHashSet<>();
        devices.forEach(some -> ids.addAll(Arrays.asList(some.split("[\\s,]+"))));
        ids.remove("");
        this.devices = new ArrayList<>(ids);
    }

    /** {@return whether all devices are meant} */
    public boolean isAllDevices() {
        return allDevices;
    }

    /** Sets whether all devices are meant. */
    @DataBoundSetter
    public void setAllDevices(boolean allDevices) {
        this.allDevices = allDevices;
    }

    /** {@return the Artifact's name; null for the one that this build uploaded} */
    public String getArtifact() {
        return artifact;
    }

    /** Sets the Artifact's name. */
    @DataBoundSetter
    public void setArtifact(String artifact) {
        this.artifact = Util.fixEmptyAndTrim(artifact);
    }

    /** {@return the name of a configured Mender Server, or null} */
    public String getServer() {
        return server;
    }

    /** Sets the name of a configured Mender Server. */
    @DataBoundSetter
    public void setServer(String server) {
        this.server = Util.fixEmptyAndTrim(server);
    }

    /** {@return the Mender Server's URL, or null} */
    public String getServerUrl() {
        return serverUrl;
    }

    /** Sets the Mender Server's URL, without the user and the password that it may have. */
    @DataBoundSetter
    public void setServerUrl(String serverUrl) {
        this.serverUrl = MenderServer.withoutUser(Util.fixEmptyAndTrim(serverUrl));
    }

    /** {@return the id of the credentials, or null} */
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Sets the id of the credentials; a token that somebody gives instead is not kept. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = ServerCredentials.withoutToken(Util.fixEmptyAndTrim(credentialsId));
    }

    /** {@return the deployment's name; null for job and build number} */
    public String getName() {
        return name;
    }

    /** Sets the deployment's name. */
    @DataBoundSetter
    public void setName(String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    /** {@return the id of a deployment to wait for, or null} */
    public String getDeployment() {
        return deployment;
    }

    /** Sets the id of a deployment to wait for. */
    @DataBoundSetter
    public void setDeployment(String deployment) {
        this.deployment = Util.fixEmptyAndTrim(deployment);
    }

    /** {@return whether devices install what they have already} */
    public boolean isForce() {
        return force;
    }

    /** Sets whether devices install what they have already. */
    @DataBoundSetter
    public void setForce(boolean force) {
        this.force = force;
    }

    /** {@return whether to wait for the devices} */
    public boolean isWait() {
        return wait;
    }

    /** Sets whether to wait for the devices. */
    @DataBoundSetter
    public void setWait(boolean wait) {
        this.wait = wait;
    }

    /** {@return how many devices have to have it, a number or per cent of the target; null for all} */
    public String getMinSuccess() {
        return minSuccess;
    }

    /** Sets how many devices have to have it. */
    @DataBoundSetter
    public void setMinSuccess(String minSuccess) {
        this.minSuccess = Util.fixEmptyAndTrim(minSuccess);
    }

    /** {@return how many devices may fail, or null} */
    public Integer getMaxFailures() {
        return maxFailures;
    }

    /** Sets how many devices may fail. */
    @DataBoundSetter
    public void setMaxFailures(Integer maxFailures) {
        this.maxFailures = maxFailures;
    }

    /** {@return what to do with a deployment that failed: {@code abort} or {@code leave}} */
    public String getOnFailure() {
        return onFailure == null ? ABORT : onFailure;
    }

    /** Sets what to do with a deployment that failed. */
    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = Util.fixEmptyAndTrim(onFailure);
    }

    /** {@return how long to wait, in minutes} */
    public int getTimeout() {
        return timeout;
    }

    /** Sets how long to wait, in minutes. */
    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = timeout;
    }

    /** {@return what to do when the time is over: {@code abort}, {@code leave} or {@code accept}} */
    public String getOnTimeout() {
        return onTimeout == null ? ABORT : onTimeout;
    }

    /** Sets what to do when the time is over. */
    @DataBoundSetter
    public void setOnTimeout(String onTimeout) {
        this.onTimeout = Util.fixEmptyAndTrim(onTimeout);
    }

    /** {@return whether a failed deployment makes the build unstable instead of failed} */
    public boolean isUnstableOnFailure() {
        return unstableOnFailure;
    }

    /** Sets whether a failed deployment makes the build unstable. */
    @DataBoundSetter
    public void setUnstableOnFailure(boolean unstableOnFailure) {
        this.unstableOnFailure = unstableOnFailure;
    }

    @Override
    public StepExecution start(StepContext context) throws IOException, InterruptedException {
        ServerForm.forgetToken(credentialsId, context);
        return new Execution(context, this, order(context.get(Run.class)));
    }

    private Order order(Run<?, ?> run) throws AbortException {
        long targets = Stream.of(group != null, !devices.isEmpty(), allDevices)
                .filter(Boolean::booleanValue)
                .count();
        require(targets == (deployment == null ? 1 : 0), Messages.Deploy_target());
        require(minSuccess == null || DeploymentGoal.isLimit(minSuccess), Messages.MinSuccess_unknown(minSuccess));
        require(maxFailures == null || maxFailures >= 0, Messages.MaxFailures_small(maxFailures));
        require(timeout > 0, Messages.Timeout_small(timeout));
        require(List.of(ABORT, "leave").contains(getOnFailure()), Messages.OnFailure_unknown(onFailure));
        OnTimeout late = Stream.of(OnTimeout.values())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(getOnTimeout()))
                .findFirst()
                .orElseThrow(() -> new AbortException(Messages.OnTimeout_unknown(onTimeout)));
        DeploymentGoal goal = new DeploymentGoal(
                minSuccess,
                maxFailures == null ? -1 : maxFailures,
                getOnFailure().equals(ABORT),
                Duration.ofMinutes(timeout),
                late);
        String what = deployment != null || artifact != null ? artifact : uploaded(run);
        String called = name == null ? run.getFullDisplayName() : name;
        return new Order(called, what, group, devices, force, deployment, wait, goal);
    }

    private static String uploaded(Run<?, ?> run) throws AbortException {
        MenderUploadsAction uploads = run.getAction(MenderUploadsAction.class);
        List<String> names = uploads == null
                ? List.of()
                : uploads.getResults().stream()
                        .filter(one -> !Outcome.PLANNED.name().equals(one.getOutcome()))
                        .map(MenderUploadResult::getName)
                        .filter(one -> !one.isEmpty())
                        .distinct()
                        .toList();
        require(names.size() == 1, Messages.Deploy_artifact(names.isEmpty() ? "0" : String.join(", ", names)));
        return names.get(0);
    }

    private static void require(boolean condition, String message) throws AbortException {
        if (!condition) {
            throw new AbortException(message);
        }
    }

    /**
     * A run of the step. While it waits it has no thread: Jenkins' timer wakes it up, and a small pool makes its requests. It ends once. What
     * it knows is the watch's, which is saved before and after the deployment is created, so that a restart finds what is there.
     */
    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "with Jenkins, what lasts as long as Jenkins is up begins anew")
    public static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1;
        private static final Logger LOGGER = Logger.getLogger(MenderDeployStep.class.getName());
        private static final int THREADS = 16;
        private static final long SAVE_SECONDS = 30;

        /** How long an aborted build gets to hear whether its deployment is aborted. */
        private static final long END_MILLIS = 900;

        private static final ThreadPoolExecutor REQUESTS =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "Mender: look at deployments");
                    thread.setDaemon(true);
                    return thread;
                });

        static {
            REQUESTS.allowCoreThreadTimeOut(true);
        }

        /** Tests make waits shorter. */
        private static volatile Pacing pacing = Pacing.real();

        private static volatile long hastening = 1;

        private final String server;
        private final String serverUrl;
        private final String credentialsId;
        private final boolean unstable;
        private final DeploymentWatch watch;

        /** Who may be interrupted. */
        private transient Thread thread;

        private transient Throwable stopped;
        private transient boolean ended;

        Execution(StepContext context, MenderDeployStep step, Order order) {
            super(context);
            this.server = step.server;
            this.serverUrl = step.serverUrl;
            this.credentialsId = step.credentialsId;
            this.unstable = step.unstableOnFailure;
            this.watch = new DeploymentWatch(order);
        }

        /** Sets the clock, and how many times faster waits pass, for tests. */
        static void setPacing(Pacing other, long factor) {
            pacing = other;
            hastening = factor;
        }

        @Override
        public boolean start() {
            REQUESTS.execute(this::advance);
            return false;
        }

        @Override
        public void onResume() {
            REQUESTS.execute(this::advance);
        }

        /** Has the deployment aborted, if this step created it, and ends with a cause within a second. */
        @Override
        public void stop(@NonNull Throwable cause) {
            synchronized (this) {
                if (stopped != null) {
                    return;
                }
                stopped = cause;
                if (thread != null) {
                    thread.interrupt();
                }
            }
            REQUESTS.execute(() -> abandon(cause));
            Timer.get().schedule(() -> end(null, cause), END_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void abandon(Throwable cause) {
            synchronized (watch) {
                try {
                    if (watch.isUnderWay()) {
                        open();
                        watch.abandon();
                    } else if (watch.id() != null) {
                        log().line(Messages.Deploy_goesOn(watch.id()));
                    }
                    record(true);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    LOGGER.log(Level.WARNING, "A deployment was not aborted", e);
                }
            }
            end(null, cause);
        }

        private void advance() {
            synchronized (watch) {
                if (!enter()) {
                    return;
                }
                try {
                    Duration wait = Duration.ZERO;
                    while (!watch.isDone() && wait.isZero()) {
                        open();
                        wait = watch.advance();
                        record(false);
                    }
                    if (watch.isDone()) {
                        watch.report();
                        record(true);
                        leave();
                        conclude();
                    } else {
                        long millis = wait.toMillis() / hastening;
                        Timer.get().schedule(() -> REQUESTS.execute(this::advance), millis, TimeUnit.MILLISECONDS);
                    }
                } catch (UploadFailure e) {
                    leave();
                    fail(e);
                } catch (Throwable e) { // whatever it is, the Pipeline must not wait for ever
                    leave();
                    if (!isStopped()) {
                        end(null, e);
                    }
                } finally {
                    leave();
                }
            }
        }

        private void fail(UploadFailure failure) {
            try {
                failure.explanation().forEach(log()::line);
            } catch (IOException | InterruptedException e) {
                LOGGER.log(Level.WARNING, "A failure was not explained", e);
            }
            end(null, new AbortException(failure.getMessage()));
        }

        private UploadRun.Log log() throws IOException, InterruptedException {
            return new UploadRun.Log(getContext().get(TaskListener.class));
        }

        private void open() throws IOException, InterruptedException {
            if (watch.isOpen()) {
                return;
            }
            Run<?, ?> run = getContext().get(Run.class);
            try {
                ServerAccess access = ServerAccess.find(server, serverUrl);
                Credential credential = credentialsId == null
                        ? access.defaultCredential(run)
                        : ServerCredentials.ofJob(credentialsId, run, access.server());
                UploadRun.Log log = log();
                if (watch.id() == null) {
                    UploadSession.notes(access.server(), access.settings()).forEach(log::line);
                }
                if (watch.total() == 0) {
                    UploadRun.warnOfEnd(credential, run, watch.longestWait(), pacing, log);
                }
                watch.open(new Access(
                        new LocalTransport(access.settings()), access.server(), credential, pacing, log, this::save));
            } catch (ConfigurationProblem e) {
                throw new AbortException(e.getMessage());
            }
        }

        private void save() throws InterruptedException {
            try {
                getContext().saveState().get(SAVE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // the deployment is found again by its name
                LOGGER.log(Level.WARNING, "The state of a deployment could not be saved", e);
            }
        }

        /** Shows on the build's page how far it is. */
        private void record(boolean last) throws IOException, InterruptedException {
            if (watch.total() > 0) {
                Run<?, ?> run = getContext().get(Run.class);
                if (MenderDeploymentsAction.put(run, new MenderDeployResult(watch)) || last) {
                    run.save();
                }
            }
        }

        private void conclude() throws IOException, InterruptedException {
            String summary = watch.summary();
            if (!watch.verdict().isGood() && !unstable) {
                end(null, new AbortException(summary));
                return;
            }
            log().line(summary);
            if (!watch.verdict().isGood()) {
                getContext().get(Run.class).setResult(Result.UNSTABLE);
                FlowNode node = getContext().get(FlowNode.class);
                if (node != null) {
                    node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(summary));
                }
            }
            end(new MenderDeployResult(watch), null);
        }

        /** {@return whether the end is for {@link #stop} to report} */
        private synchronized boolean isStopped() {
            return stopped != null;
        }

        private synchronized boolean enter() {
            if (stopped != null || ended || Jenkins.get().isTerminating()) {
                return false;
            }
            thread = Thread.currentThread();
            return true;
        }

        /** From here on nobody interrupts. */
        private synchronized void leave() {
            if (thread != null) {
                thread = null;
                Thread.interrupted();
            }
        }

        private void end(MenderDeployResult result, Throwable problem) {
            Throwable cause;
            synchronized (this) {
                cause = stopped == null ? problem : stopped;
                Jenkins jenkins = Jenkins.getInstanceOrNull();
                boolean down = jenkins == null || jenkins.isTerminating();
                if (ended || down && stopped == null) {
                    return;
                }
                ended = true;
            }
            if (cause == null) {
                getContext().onSuccess(result);
            } else {
                getContext().onFailure(cause);
            }
        }
    }

    /** Describes the step. */
    @Extension
    public static final class DescriptorImpl extends ServerForm {
        @Override
        public String getFunctionName() {
            return "menderDeploy";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MenderDeploy_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        /** {@return what to do with a deployment that failed} */
        @POST
        public ListBoxModel doFillOnFailureItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.OnFailure_abort(), ABORT),
                    new ListBoxModel.Option(Messages.OnFailure_leave(), "leave"));
        }

        /** {@return what to do when the time is over} */
        @POST
        public ListBoxModel doFillOnTimeoutItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.OnTimeout_abort(), ABORT),
                    new ListBoxModel.Option(Messages.OnTimeout_leave(), "leave"),
                    new ListBoxModel.Option(Messages.OnTimeout_accept(), "accept"));
        }

        /** Checks how many devices have to have it. */
        @POST
        public FormValidation doCheckMinSuccess(@QueryParameter String value) {
            String limit = Util.fixEmptyAndTrim(value);
            return limit == null || DeploymentGoal.isLimit(limit)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.MinSuccess_unknown(limit));
        }

        /** {@return target and Artifact, for views of the Pipeline's stages} */
        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object target = namedArgs.getOrDefault("group", namedArgs.getOrDefault("deployment", ""));
            return Util.fixNull(namedArgs.get("artifact"), "") + " " + target;
        }
    }
}
