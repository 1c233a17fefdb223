package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

/**
 * Reads Artifacts that were changed at random. The property {@code mender.fuzz} is the number of them, {@code
 * mender.fuzz.from} the first: one failure is seen again with the number that it names and {@code -Dmender.fuzz=1}.
 */
class ArtifactFuzzTest {
    private static final long FROM = Long.getLong("mender.fuzz.from", 0);
    private static final long INPUTS = Long.getLong("mender.fuzz", 2000);

    @Test
    void nothingButAnArtifactExceptionComesOut() throws IOException {
        Mutation mutation = new Mutation();
        int good = 0;
        for (long number = FROM; number < FROM + INPUTS; number++) {
            byte[] artifact = mutation.number(number);
            try {
                good += check(artifact) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("see it again with -Dmender.fuzz=1 -Dmender.fuzz.from=" + number, e);
            }
        }
        System.out.println(INPUTS + " mutated Artifacts read, " + good + " of them good");
        assertThat("some changes are harmless", INPUTS < 1000 || good > INPUTS / 100, is(true));
    }

    /** Reads in every way and {@return whether it is a good one}. */
    private static boolean check(byte[] artifact) throws IOException {
        CountingChannel file = new CountingChannel(new SeekableInMemoryByteChannel(artifact));
        Optional<ArtifactContents> structure = contents(() -> ArtifactReader.read(file, false));
        assertThat(file.bytes(), lessThanOrEqualTo((long) artifact.length));
        Optional<ArtifactContents> full = contents(() -> Reading.FULL.of(artifact));
        Optional<ArtifactContents> stream = contents(() -> Reading.STREAM.of(artifact));
        assertThat("as a stream it is the same", stream, is(full));
        if (full.isPresent()) {
            assertThat("what is whole has a structure", structure.isPresent(), is(true));
            assertThat(structure.get().headerInfo(), is(full.get().headerInfo()));
            assertThat(
                    structure.get().payloads().size(), is(full.get().payloads().size()));
            assertThat(full.get().payloads().size(), greaterThan(0));
        }
        return full.isPresent();
    }

    private interface Way {
        ArtifactContents read() throws IOException;
    }

    private static Optional<ArtifactContents> contents(Way way) throws IOException {
        try {
            ArtifactContents contents = way.read();
            parse(contents);
            return Optional.of(contents);
        } catch (ArtifactException e) {
            assertThat(e.getMessage(), e.problem(), is(not(Problem.UNREADABLE_HERE)));
            return Optional.empty();
        }
    }

    private static void parse(ArtifactContents contents) {
        try {
            Reading.header(contents);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage().isEmpty(), is(false));
        }
    }
}
