package io.jenkins.plugins.mender.benchmark;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void oneDisturbedRoundDoesNotCount() {
        Series engine = series(1, 30, 3);
        Series other = series(2, 10, 2);
        assertThat(engine.seconds(), is(3.0));
        assertThat(engine.ratioTo(other), is(1.5));
    }

    @Test
    void anEvenNumberOfRoundsHasItsMedianBetweenTheMiddleTwo() {
        assertThat(series(4, 1, 2, 100).seconds(), is(3.0));
    }

    @Test
    void whatDidNotRunHasNoFigures() {
        assertThat(Report.number(series().seconds()), is("–"));
        assertThat(Report.number(series(1).ratioTo(series())), is("–"));
    }

    private static Series series(double... seconds) {
        Series series = new Series("any");
        for (double second : seconds) {
            series.add(second, 1, 1);
        }
        return series;
    }
}
