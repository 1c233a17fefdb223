package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much of a file is encrypted where the network is slower than the disk. */
@Timeout(60)
class SlowNetworkTest {
    private static final int READ = 8 * 1024 * 1024;

    /** What two sockets hold of narrow buffers, and no more than a buffer of the plugin. */
    private static final int ON_ITS_WAY = 1024 * 1024;

    @TempDir
    private Path folder;

    @Test
    void noMoreIsEncryptedThanTheNetworkTakes() throws Exception {
        ServerSocketFactory sockets =
                CertificateAuthority.selfSigned().context().getServerSocketFactory();
        try (ServerSocket server = sockets.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setReceiveBufferSize(32 * 1024);
            CompletableFuture.runAsync(() -> readSomeAndClose(server));
            TransportException e = failure(upload("https://localhost:" + server.getLocalPort(), 32L * READ));
            assertThat(e.failure(), is(Failure.CUT));
            assertThat(e.sentBytes(), greaterThan(READ - ON_ITS_WAY * 1L));
            assertThat(e.sentBytes(), lessThan(READ + ON_ITS_WAY * 1L));
        }
    }

    private static void readSomeAndClose(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().skipNBytes(READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TransportException failure(Request request) throws IOException {
        ConnectionSettings settings = ConnectionSettings.defaults().withoutCertificateCheck();
        AtomicReference<Connection> made = new AtomicReference<>();
        Connection connection = new Connection(settings, request, encrypted -> narrow(made.get()));
        made.set(connection);
        try {
            Exchange exchange = new Exchange(settings, request, Transport.Listener.NONE);
            return assertThrows(TransportException.class, () -> exchange.run(connection));
        } finally {
            connection.abort();
        }
    }

    /** The loopback interface takes more than a mebibyte at a time, unlike every other network. */
    private static void narrow(Connection connection) {
        try {
            ((SocketChannel) connection.socket.channel()).setOption(StandardSocketOptions.SO_SNDBUF, 32 * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Request upload(String url, long size) throws IOException {
        Path file = folder.resolve("release.mender");
        try (RandomAccessFile zeros = new RandomAccessFile(file.toFile(), "rw")) {
            zeros.setLength(size);
        }
        FileUpload body = new FileUpload(List.of(), "artifact", "release.mender", file.toString(), size);
        return new Request("POST", URI.create(url), List.of(), body, false);
    }
}
