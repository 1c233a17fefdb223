package io.jenkins.plugins.mender.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of bytes rather than of HTTP: it does on the wire what no proper server does. */
public final class RawServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final ServerSocket listener;
    private final String scheme;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CountDownLatch connected = new CountDownLatch(1);

    /** What happens on a connection. */
    @FunctionalInterface
    private interface Behaviour {
        void serve(RawServer server, Socket socket) throws IOException;
    }

    private RawServer(Behaviour behaviour) throws IOException {
        this("http", new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behaviour);
    }

    private RawServer(String scheme, ServerSocket listener, Behaviour behaviour) {
        this.scheme = scheme;
        this.listener = listener;
        Thread acceptor = new Thread(() -> accept(behaviour), "raw server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Reads a whole request, then answers; an empty answer keeps silent. */
    public static RawServer answering(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), true);
            write(socket, answer);
        });
    }

    /** Reads request after request on each connection and answers each. */
    public static RawServer answeringEach(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            while (server.readRequest(socket.getInputStream(), true)) {
                write(socket, answer);
            }
            socket.close();
        });
    }

    /** Answers as soon as the header is read. */
    public static RawServer refusing(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), false);
            write(socket, answer);
        });
    }

    /** Answers once the header and a first megabyte are read, and closes a moment after, when the client has closed. */
    public static RawServer answeringEarly(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), false);
            socket.getInputStream().readNBytes(1024 * 1024);
            write(socket, answer);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            socket.close();
        });
    }

    /** Answers and closes without a proper end. */
    public static RawServer answeringAndClosing(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), true);
            write(socket, answer);
            socket.close();
        });
    }

    /** Answers and never stops. */
    public static RawServer answeringEndlessly(String head) throws IOException {
        return answeringEndlessly(head, "x".repeat(8192));
    }

    /** Answers and never stops saying the same. */
    public static RawServer answeringEndlessly(String head, String more) throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), true);
            write(socket, head);
            while (!socket.isClosed()) {
                write(socket, more);
            }
        });
    }

    /**
     * What a server says besides its final answer; each text is a packet of its own.
     *
     * @param before what it says when it has the header
     * @param during what it says when it has some of the body
     * @param after what it says when it has everything, the final answer among it
     */
    public record Script(List<String> before, List<String> during, List<String> after) {}

    /** Reads a request and speaks meanwhile as it is told; over TLS where there is an identity, else in the clear. */
    public static RawServer speaking(TlsIdentity identity, Script script) throws IOException {
        Behaviour behaviour = (server, socket) -> {
            InputStream in = socket.getInputStream();
            long left = server.readHead(in);
            writeEach(socket, script.before());
            long some = Math.min(left / 2, 512 * 1024);
            in.skipNBytes(some);
            writeEach(socket, script.during());
            in.skipNBytes(left - some);
            writeEach(socket, script.after());
        };
        InetAddress here = InetAddress.getLoopbackAddress();
        return identity == null
                ? new RawServer(behaviour)
                : new RawServer(
                        "https",
                        identity.context().getServerSocketFactory().createServerSocket(0, 50, here),
                        behaviour);
    }

    private static void writeEach(Socket socket, List<String> texts) throws IOException {
        socket.setTcpNoDelay(true);
        for (String text : texts) {
            write(socket, text);
        }
    }

    /** Accepts connections and reads nothing. */
    public static RawServer notReading() throws IOException {
        return new RawServer((server, socket) -> {});
    }

    /** Reads a whole request and closes without an answer. */
    public static RawServer closing() throws IOException {
        return new RawServer((server, socket) -> {
            server.readRequest(socket.getInputStream(), true);
            socket.close();
        });
    }

    /** {@return the server's URL} */
    public String url() {
        return (scheme.equals("https") ? "https://localhost:" : "http://127.0.0.1:") + listener.getLocalPort();
    }

    /** {@return how many connections were made} */
    public int connections() {
        return sockets.size();
    }

    /** {@return how many of them neither side has closed} */
    public long openConnections() {
        return sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    /** {@return what came, as Latin-1} */
    public synchronized String request() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    /** Waits until somebody has connected. */
    public void awaitConnection() throws InterruptedException {
        connected.await();
    }

    private void accept(Behaviour behaviour) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                connected.countDown();
                Thread server = new Thread(() -> serve(behaviour, socket), "raw connection");
                server.setDaemon(true);
                server.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Behaviour behaviour, Socket socket) {
        try {
            behaviour.serve(this, socket);
        } catch (IOException e) {
            // the client has gone, which is what some tests are about
        }
    }

    private boolean readRequest(InputStream in, boolean withBody) throws IOException {
        long length = readHead(in);
        if (withBody && length > 0) {
            note(in.readNBytes((int) length));
        }
        return length >= 0;
    }

    /** {@return the length of the body that follows, 0 for none, -1 when there is no request} */
    private long readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return -1;
            }
            head.write(next);
        }
        note(head.toByteArray());
        Matcher length = LENGTH.matcher(head.toString(StandardCharsets.ISO_8859_1));
        return length.find() ? Long.parseLong(length.group(1)) : 0;
    }

    private synchronized void note(byte[] bytes) throws IOException {
        received.write(bytes);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
