package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/** The bytes of an Artifact in a file: what is passed over is not read. */
final class FileSource extends Source {
    private final SeekableByteChannel file;
    private final long size;

    FileSource(SeekableByteChannel file) throws IOException {
        super(Channels.newInputStream(file));
        this.file = file;
        this.size = file.size();
    }

    @Override
    long size() {
        return size;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long step = Math.min(bytes, size - position());
        if (step < BUFFER_BYTES) {
            return super.skip(step);
        }
        long target = position() + step;
        try {
            file.position(target);
        } catch (IOException e) {
            throw failed(e);
        }
        continueWith(Channels.newInputStream(file), target);
        return step;
    }
}
