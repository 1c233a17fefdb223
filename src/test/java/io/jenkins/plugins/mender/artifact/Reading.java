package io.jenkins.plugins.mender.artifact;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.function.Executable;

/** The ways to read an Artifact that lies in memory. */
enum Reading {
    STRUCTURE {
        @Override
        ArtifactContents of(byte[] artifact) throws IOException {
            return ArtifactReader.structure(channel(artifact));
        }
    },
    FULL {
        @Override
        ArtifactContents of(byte[] artifact) throws IOException {
            return ArtifactReader.full(channel(artifact));
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

    private static CountingChannel channel(byte[] artifact) {
        return new CountingChannel(new SeekableInMemoryByteChannel(artifact));
    }

    /** {@return what the documents say} */
    static ArtifactHeader header(ArtifactContents contents) {
        return ArtifactHeader.parse(
                contents.version(),
                contents.headerInfo(),
                contents.augmentedHeaderInfo(),
                contents.typeInfos(),
                contents.augmentedTypeInfos());
    }
}
