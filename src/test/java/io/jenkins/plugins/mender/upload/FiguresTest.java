package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, 1023 bytes",
        "1024, 1.0 KiB",
        "1048523, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "536870912, 512.0 MiB",
        "10737418240, 10.0 GiB",
    })
    void sizes(long bytes, String text) {
        assertThat(Texts.size(bytes), is(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0 s", "6249, 6.2 s", "59949, 59.9 s", "59950, 1 min 0 s", "125400, 2 min 5 s"})
    void times(long millis, String text) {
        assertThat(Texts.time(Duration.ofMillis(millis)), is(text));
    }
}
