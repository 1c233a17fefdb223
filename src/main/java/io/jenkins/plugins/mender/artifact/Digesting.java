package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A stream that knows the SHA-256 of what was read from it. */
final class Digesting extends DigestInputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    Digesting(InputStream in) {
        super(in, sha256());
    }

    /** {@return the checksum of a few bytes, lower case hex digits} */
    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** Skips by reading: what is passed over belongs to the checksum too. */
    @Override
    public long skip(long bytes) throws IOException {
        byte[] buffer = new byte[(int) Math.min(bytes, BUFFER_BYTES)];
        return bytes <= 0 ? 0 : Math.max(0, read(buffer));
    }

    /** Reads what is left and {@return the checksum of everything, lower case hex digits} */
    String drain() throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (read(buffer) >= 0) {
            // reading is what takes the checksum
        }
        return HexFormat.of().formatHex(getMessageDigest().digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
