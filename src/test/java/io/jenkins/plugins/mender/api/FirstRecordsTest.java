package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** How long the TLS records are that a JVM may send, from its first connection on. */
class FirstRecordsTest {
    private static final int PACKET = 1500;
    private static final int LONGEST_PLAIN = 16 * 1024;
    private static final long MEBIBYTE = 1024 * 1024;

    private final AtomicLong total = new AtomicLong();

    @Test
    void theyFitIntoAPacketForSomeMegabytesAndAreAsLongAsCanBeFromThenOn() throws Exception {
        FirstRecords records = new FirstRecords(total);
        SSLSocket socket = socket();
        records.begin(socket);
        assertThat(longest(socket), lessThan(PACKET));
        records.sent(MEBIBYTE);
        records.sent(5 * MEBIBYTE);
        assertThat(longest(socket), lessThan(PACKET));
        records.sent(6 * MEBIBYTE);
        assertThat(longest(socket), greaterThan(LONGEST_PLAIN));
    }

    @Test
    void requestsAndConnectionsOneAfterAnotherCountTogether() throws Exception {
        FirstRecords one = new FirstRecords(total);
        one.begin(socket());
        one.sent(2 * MEBIBYTE);
        one.sent(MEBIBYTE); // of the connection's next request
        assertThat(total.get(), is(3 * MEBIBYTE));

        FirstRecords other = new FirstRecords(total);
        SSLSocket socket = socket();
        other.begin(socket);
        assertThat(longest(socket), lessThan(PACKET));
        other.sent(3 * MEBIBYTE);
        assertThat(longest(socket), greaterThan(LONGEST_PLAIN));
    }

    @Test
    void laterConnectionsAreLeftAsTheyAre() throws Exception {
        total.set(6 * MEBIBYTE);
        SSLSocket socket = socket();
        int before = longest(socket);
        FirstRecords records = new FirstRecords(total);
        records.begin(socket);
        records.sent(MEBIBYTE);
        assertThat(longest(socket), is(before));
        assertThat(total.get(), is(6 * MEBIBYTE));
    }

    private static int longest(SSLSocket socket) {
        return socket.getSSLParameters().getMaximumPacketSize();
    }

    private static SSLSocket socket() throws Exception {
        return (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket();
    }
}
