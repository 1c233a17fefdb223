package io.jenkins.plugins.mender.simulator;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A request's body that gives consent when its first byte is asked for. Closing one that was begun reads it to its end. */
final class ReadBody extends HttpEntityWrapper {
    /** What Go's server reads of a body that its handler did not want, and how long it then waits before it hangs up. */
    private static final int UNWANTED_BYTES = 256 * 1024;

    private static final int LINGER_MILLIS = 500;

    private final Consenting consent;
    private InputStream content;
    private boolean begun;
    private boolean out;

    /** Sends {@code 100 Continue}. */
    @FunctionalInterface
    interface Consenting {
        void send() throws HttpException, IOException;
    }

    /**
     * Creates the body.
     *
     * @param consent how to give consent; null when nobody asks for it
     */
    ReadBody(HttpEntity body, Consenting consent) {
        super(body);
        this.consent = consent;
    }

    /** {@return whether all of it has been read} */
    boolean isOut() {
        return out;
    }

    @Override
    public InputStream getContent() throws IOException {
        if (content == null) {
            content = new Content(super.getContent());
        }
        return content;
    }

    private final class Content extends FilterInputStream {
        private Content(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            begin();
            int read = in.read(buffer, offset, length);
            out |= read < 0;
            return read;
        }

        private void begin() throws IOException {
            if (begun) {
                return;
            }
            begun = true;
            try {
                if (consent != null) {
                    consent.send();
                }
            } catch (HttpException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (begun) {
                in.close();
                out = true;
            } else if (consent == null) {
                begun = true;
                in.readNBytes(UNWANTED_BYTES);
                out = in.read() < 0;
                if (!out) {
                    linger();
                }
            }
        }

        private static void linger() throws IOException {
            try {
                TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
