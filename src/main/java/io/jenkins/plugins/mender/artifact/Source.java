package io.jenkins.plugins.mender.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an Artifact; remembers whether they ended or failed, to tell a cut file from a broken one. */
final class Source extends FilterInputStream {
    private boolean ended;
    private boolean failed;

    Source(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = super.read(buffer, offset, length);
            ended |= read < 0;
            return read;
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }

    boolean ended() {
        return ended;
    }

    boolean failed() {
        return failed;
    }
}
