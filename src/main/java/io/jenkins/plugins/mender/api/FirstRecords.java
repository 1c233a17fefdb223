package io.jenkins.plugins.mender.api;

import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends the first megabytes that a JVM encrypts in short TLS records. Until the JVM has compiled its cipher, which it does after
 * some thousand records, that one runs at a tenth of its speed or less: with the longest records for the first 100 MiB, with these for the
 * first 6. Agents that are made for one build alone do all their work in that time.
 */
final class FirstRecords {
    /** About what a packet on the network takes, in bytes of the encrypted record. */
    private static final int SHORT = 1300;

    /** The longest that TLS has: 16 KiB and what encryption adds. */
    private static final int LONG = 16 * 1024 + 256 + 5;

    /** After how many bytes the cipher is compiled. */
    private static final long BYTES = 6 * 1024 * 1024;

    /** What all connections of this JVM have sent in short records. */
    private static final AtomicLong OF_THIS_JVM = new AtomicLong();

    private final AtomicLong total;
    private SSLSocket shortened;
    private long noted;

    /** Counts with all other connections of this JVM. */
    FirstRecords() {
        this(OF_THIS_JVM);
    }

    /** Counts with those that have the same total, in bytes. */
    FirstRecords(AtomicLong total) {
        this.total = total;
    }

    /** Begins with a connection that was just encrypted. */
    void begin(SSLSocket socket) {
        shortened = null;
        if (total.get() < BYTES) {
            limit(socket, SHORT);
            shortened = socket;
            noted = 0;
        }
    }

    /** Notes how much of a request's body went out; called by the thread that sends it. */
    void sent(long bytes) {
        if (shortened == null) {
            return;
        }
        long more = bytes < noted ? bytes : bytes - noted; // less than before: the next request
        noted = bytes;
        if (total.addAndGet(more) >= BYTES) {
            limit(shortened, LONG);
            shortened = null;
        }
    }

    private static void limit(SSLSocket socket, int bytes) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setMaximumPacketSize(bytes);
        socket.setSSLParameters(parameters);
    }
}
