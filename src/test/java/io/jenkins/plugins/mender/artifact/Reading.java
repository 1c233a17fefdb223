package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.function.Executable;

/** The ways to read an Artifact that lies in memory. */
enum Reading {
    STRUCTURE {
        @Override
        ArtifactContents of(byte[] artifact) throws IOException {
            return ArtifactReader.read(channel(artifact), false);
        }
    },
    FULL {
        @Override
        ArtifactContents of(byte[] artifact) throws IOException {
            return ArtifactReader.read(channel(artifact), true);
        }
    },
    STREAM {
        @Override
        ArtifactContents of(byte[] artifact) throws IOException {
            return ArtifactReader.read(new ByteArrayInputStream(artifact));
        }
    };

    abstract ArtifactContents of(byte[] artifact) throws IOException;

    /** {@return why it cannot be read} */
    ArtifactException failure(byte[] artifact) {
        return failure(() -> of(artifact));
    }

    /** {@return why something cannot be read} */
    static ArtifactException failure(Executable reading) {
        return assertThrows(ArtifactException.class, reading);
    }

    /** Asserts that every way of reading stops at a bound. */
    static void tooLarge(ArtifactParts parts, String part, String bound) throws IOException {
        byte[] artifact = parts.bytes();
        for (Reading reading : values()) {
            ArtifactException e = reading.failure(artifact);
            assertThat(e.getMessage(), e.problem(), is(Problem.TOO_LARGE));
            assertThat(e.part(), is(part));
            assertThat(e.detail(), is(bound));
        }
    }

    private static CountingChannel channel(byte[] artifact) {
        return new CountingChannel(new SeekableInMemoryByteChannel(artifact));
    }

    /** {@return what the documents say} */
    static ArtifactHeader header(ArtifactContents contents) {
        return ArtifactHeader.of(contents);
    }
}
