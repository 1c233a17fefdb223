package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.jenkins.plugins.mender.upload.ArtifactUpload.ProgressLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log tells of a file on its way, second by second. */
class ProgressLogTest {
    private static final long MIB = 1024 * 1024;

    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private final Pacing pacing = new Pacing() {
        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void pause(Duration wait) {
            throw new IllegalStateException("progress does not wait");
        }

        @Override
        public double spread() {
            return 0;
        }
    };

    @Test
    void aFastFileHasNoLine() {
        ProgressLog progress = new ProgressLog(512 * MIB, pacing, log::add);
        for (int second = 1; second < 5; second++) {
            at(progress, second, 100 * MIB * second, false);
        }
        at(progress, 4, 512 * MIB, true);
        assertThat(log, is(empty()));
    }

    @Test
    void aLineEachTenthAndThenTheWaitForTheAnswer() {
        ProgressLog progress = new ProgressLog(512 * MIB, pacing, log::add);
        int seconds = 52;
        for (int second = 1; second <= seconds; second++) {
            at(progress, second, second * 10 * MIB > 512 * MIB ? 512 * MIB : second * 10 * MIB, second == seconds);
        }
        assertThat(log.get(0), is("11 %  60.0 of 512.0 MiB   10.0 MiB/s   45.2 s left"));
        assertThat(log, hasSize(10));
        assertThat(log.get(9), is("100 %  sent in 52.0 s; the server is verifying"));
        for (int second = seconds + 1; second <= seconds + 130; second++) {
            at(progress, second, 512 * MIB, true);
        }
        assertThat(
                log.subList(10, log.size()),
                is(List.of(
                        "The server has been verifying for 1 min 0 s.",
                        "The server has been verifying for 2 min 0 s.")));
    }

    @Test
    void aSlowFileHasALineEachMinuteAndAFastOneNoneWithinFiveSeconds() {
        ProgressLog progress = new ProgressLog(10_000 * MIB, pacing, log::add);
        for (int second = 1; second <= 180; second++) {
            at(progress, second, second * MIB, false);
        }
        assertThat(log, hasSize(3));
        assertThat(log.get(2), matchesPattern("1 %  0\\.2 of 9\\.8 GiB   1\\.0 MiB/s   163 min 40 s left"));

        log.clear();
        ProgressLog quick = new ProgressLog(100 * MIB, pacing, log::add);
        Instant begin = now;
        for (int second = 1; second <= 10; second++) {
            now = begin.plusSeconds(second);
            quick.at(second * 10 * MIB, false);
        }
        assertThat(log, hasSize(2));
    }

    @Test
    void aSlowAnswerToASmallFileIsTold() {
        ProgressLog progress = new ProgressLog(1000, pacing, log::add);
        for (int second = 1; second <= 70; second++) {
            at(progress, second, 1000, true);
        }
        assertThat(
                log,
                is(List.of(
                        "100 %  sent in 1.0 s; the server is verifying",
                        "The server has been verifying for 1 min 0 s.")));
    }

    private void at(ProgressLog progress, int second, long bytes, boolean whole) {
        now = Instant.EPOCH.plusSeconds(second);
        progress.at(bytes, whole);
    }
}
