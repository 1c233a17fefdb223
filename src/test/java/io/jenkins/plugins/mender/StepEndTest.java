package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A step ends exactly once, in whatever order it is begun, resumed, stopped and done, and one that was stopped sends nothing. */
@WithJenkins
@Timeout(900)
class StepEndTest {
    /** How often to try what depends on chance. */
    static final int ROUNDS = Integer.getInteger("mender.rounds", 5);

    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private final HeldThreads threads = new HeldThreads();

    private final FlowInterruptedException stop = interruption();
    private MenderJenkins jenkins;
    private Run<?, ?> run;

    @Test
    void stoppedBeforeItsThreadBegins(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        threads.hold(true);
        step.start();
        step.stop(stop);
        assertThat(ends.all, contains(stop));
        assertNothingMore(ends);
    }

    @Test
    void stoppedBeforeItIsResumed(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        step.stop(stop);
        assertThat(ends.all, contains(stop));
        step.onResume();
        assertNothingMore(ends);
    }

    @Test
    void theFirstOfTwoStopsCounts(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        jenkins.pacing.duringPause(() -> {
            stop(step, stop);
            stop(step, interruption());
        });
        server.answer(ME, Reply.empty(503));
        step.start();
        assertNothingMore(ends);
        assertThat(ends.all, contains(stop));
    }

    @Test
    void aStopThatComesWhenAllIsSentCounts(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        ends.onSave = () -> {
            if (!server.artifacts().isEmpty()) {
                stop(step, stop);
                Thread.interrupted(); // as code does that does not mind an interrupt
            }
        };
        step.start();
        threads.awaitNone();
        assertThat(ends.all, contains(stop));
        assertThat(server.artifacts(), hasSize(1));
    }

    @Test
    void brokenOffWhenJenkinsGoesDown(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        holdAtPause(step);
        MenderUploadStep.Execution.suspendAll();
        threads.awaitNone();
        assertThat("nothing is reported", ends.all, empty());
        step.stop(stop);
        assertThat(ends.all, contains(stop));
    }

    @Test
    void aStopOutlivesThatJenkinsGoesDown(JenkinsRule rule) throws Exception {
        Ends ends = prepare(rule);
        StepExecution step = step(ends);
        jenkins.pacing.duringPause(() -> {
            stop(step, stop);
            MenderUploadStep.Execution.suspendAll();
        });
        server.answer(ME, Reply.empty(503));
        step.start();
        assertNothingMore(ends);
        assertThat(ends.all, contains(stop));
    }

    @Test
    void whateverTheOrder(JenkinsRule rule) throws Exception {
        prepare(rule);
        for (int round = 0; round < ROUNDS; round++) {
            Ends ends = new Ends();
            StepExecution step = step(ends);
            CyclicBarrier together = new CyclicBarrier(2);
            long late = round % 10 * 2L;
            boolean resumed = round % 2 == 0;
            FutureTask<Void> begin = new FutureTask<>(() -> {
                together.await();
                if (resumed) {
                    step.onResume();
                } else {
                    step.start();
                }
                return null;
            });
            new Thread(begin, "begins").start();
            together.await();
            Thread.sleep(late); // spreads the stop over the upload
            step.stop(stop);
            begin.get();
            threads.awaitNone();
            assertThat("round " + round, ends.all, hasSize(1));
        }
    }

    private Ends prepare(JenkinsRule rule) throws Exception {
        jenkins = MenderJenkins.withToken(rule, server);
        run = rule.buildAndAssertSuccess(rule.createFreeStyleProject());
        new ArtifactBuilder("small", "qemux86-64").write(folder.resolve("small.mender"));
        return new Ends();
    }

    private StepExecution step(Ends ends) throws Exception {
        UploadSettings settings = new UploadSettings("small.mender");
        settings.setServerUrl(server.url());
        settings.setCredentialsId(MenderJenkins.TOKEN);
        settings.setIfExists("reuse");
        return new MenderUploadStep.Execution(ends, settings);
    }

    private void holdAtPause(StepExecution step) throws Exception {
        server.answer(ME, Reply.empty(503));
        jenkins.pacing.hold(true);
        step.start();
        jenkins.pacing.awaitPause();
    }

    private void assertNothingMore(Ends ends) throws Exception {
        threads.hold(false);
        threads.awaitNone();
        assertThat(ends.all, hasSize(1));
        assertThat(ends.all.get(0), instanceOf(FlowInterruptedException.class));
        assertThat(server.uploads(), empty());
    }

    private static void stop(StepExecution step, Throwable cause) {
        try {
            step.stop(cause);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static FlowInterruptedException interruption() {
        return new FlowInterruptedException(Result.ABORTED, new CauseOfInterruption.UserInterruption("somebody"));
    }

    /** The Pipeline's side of a step: keeps what the step ends with. */
    private final class Ends extends StepContext {
        private static final long serialVersionUID = 1;

        private final List<Object> all = new CopyOnWriteArrayList<>();
        private transient Runnable onSave = () -> {};

        @Override
        public <T> T get(Class<T> key) {
            Map<Class<?>, Object> values = Map.of(
                    Run.class,
                    run,
                    FilePath.class,
                    new FilePath(folder.toFile()),
                    EnvVars.class,
                    new EnvVars(),
                    TaskListener.class,
                    TaskListener.NULL);
            return key.cast(values.get(key));
        }

        @Override
        public void onSuccess(Object result) {
            all.add(result);
        }

        @Override
        public void onFailure(Throwable cause) {
            all.add(cause);
        }

        @Override
        public ListenableFuture<Void> saveState() {
            onSave.run();
            return Futures.immediateFuture(null);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setResult(Result result) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BodyInvoker newBodyInvoker() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
