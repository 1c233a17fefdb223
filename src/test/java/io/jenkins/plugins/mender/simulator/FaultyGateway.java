package io.jenkins.plugins.mender.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between a client and a {@link SimulatedMenderServer}: passes requests on, and does to each upload what the next
 * {@link Fault} of a list says. It takes one request a connection.
 */
public final class FaultyGateway implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");
    private static final Pattern EXPECT = Pattern.compile("(?i)\r\nexpect: 100-continue\r\n");
    private static final Pattern OF_THE_CONNECTION = Pattern.compile("(?i)\r\n(expect|connection): [^\r]*");
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener = new ServerSocket();
    private final URI server;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicLong uploadedBytes = new AtomicLong();

    /** The connections of clients whose requests are not done with. */
    private final Set<Socket> busy = new HashSet<>();

    /** Starts one in front of a server. */
    public FaultyGateway(SimulatedMenderServer server) throws IOException {
        this.server = URI.create(server.url());
        listener.setReceiveBufferSize(BUFFER); // else megabytes are on their way that nobody has read
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread acceptor = new Thread(this::accept, "faulty gateway");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** {@return the gateway's URL, in place of the server's} */
    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Does this to the next uploads, one after another; those after them get through. */
    public void next(List<Fault> these) {
        faults.clear();
        faults.addAll(these);
        uploads.set(0);
        uploadedBytes.set(0);
    }

    /** {@return what will be done to the next upload} */
    public Fault upcoming() {
        Fault fault = faults.peek();
        return fault == null ? Fault.none() : fault;
    }

    /** Waits until nothing is on its way through here, so that the server has stored all that it will store. */
    public synchronized void awaitQuiet() {
        try {
            while (!busy.isEmpty()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void isBusy(Socket client, boolean is) {
        if (is) {
            busy.add(client);
        } else {
            busy.remove(client);
        }
        notifyAll();
    }

    /** {@return how many uploads were begun since {@link #next(List)}} */
    public int uploads() {
        return uploads.get();
    }

    /** {@return how many bytes of bodies came with them} */
    public long uploadedBytes() {
        return uploadedBytes.get();
    }

    /** {@return how many connections are open} */
    public long openConnections() {
        return sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                isBusy(client, true);
                Thread connection = new Thread(() -> serve(client), "faulty connection");
                connection.setDaemon(true);
                connection.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        sockets.add(client);
        try (client) {
            String head = head(client.getInputStream());
            if (head.startsWith(SimulatedMenderServer.UPLOAD + ' ')) {
                uploads.incrementAndGet();
                Fault fault = upcoming();
                faults.poll();
                upload(client, head, fault);
            } else if (!head.isEmpty()) {
                try (Socket to = connect()) {
                    write(to, forwarded(head));
                    copy(client.getInputStream(), to.getOutputStream(), length(head), false);
                    to.getInputStream().transferTo(client.getOutputStream());
                }
            }
        } catch (IOException e) {
            // one of the two has gone, which is what the tests are about
        } finally {
            isBusy(client, false);
        }
    }

    private void upload(Socket client, String head, Fault fault) throws IOException {
        if (fault.kind() == Fault.Kind.HANG && fault.at() == 0) {
            awaitEnd(client);
            return;
        }
        if (EXPECT.matcher(head).find()) {
            write(client, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        long length = length(head);
        long part = (long) (length * fault.at());
        try (Socket to = connect()) {
            OutputStream out = fault.reachesServer() ? to.getOutputStream() : OutputStream.nullOutputStream();
            out.write(forwarded(head).getBytes(StandardCharsets.ISO_8859_1));
            copy(client.getInputStream(), out, part, fault.kind() == Fault.Kind.SLOW);
            if (fault.kind() == Fault.Kind.SLOW) {
                copy(client.getInputStream(), out, length - part, false);
            }
            switch (fault.kind()) {
                case RESET -> reset(client);
                case HANG -> awaitEnd(client);
                case ANSWER -> {
                    write(client, fault.answer());
                    drain(client);
                }
                default -> answer(client, to, fault);
            }
        }
    }

    private void answer(Socket client, Socket to, Fault fault) throws IOException {
        byte[] answer = head(to.getInputStream()).getBytes(StandardCharsets.ISO_8859_1);
        switch (fault.kind()) {
            case RESET_AFTER_STORING -> reset(client);
            case RESET_WITHIN_ANSWER -> {
                client.getOutputStream().write(answer, 0, 1);
                reset(client);
            }
            case HANG_AFTER_STORING -> awaitEnd(client);
            case ANSWER_AFTER_STORING -> write(client, fault.answer());
            default -> {
                if (fault.kind() == Fault.Kind.SLOW_ANSWER) {
                    pause(500);
                }
                client.getOutputStream().write(answer);
                to.getInputStream().transferTo(client.getOutputStream());
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        sockets.add(socket);
        return socket;
    }

    private void copy(InputStream in, OutputStream out, long bytes, boolean slowly) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = bytes;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the client has gone");
            }
            out.write(buffer, 0, read);
            left -= read;
            uploadedBytes.addAndGet(read);
            if (slowly) {
                pause(read * 1000L / (1024 * 1024));
            }
        }
        out.flush();
    }

    /** The time that a slow network takes; not a wait for something that could be noticed. */
    private static void pause(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static long length(String head) {
        Matcher length = LENGTH.matcher(head);
        return length.find() ? Long.parseLong(length.group(1)) : 0;
    }

    /** What concerns one connection alone is not passed on. */
    private static String forwarded(String head) {
        String text = OF_THE_CONNECTION.matcher(head).replaceAll("");
        return text.substring(0, text.length() - 2) + "Connection: close\r\n\r\n";
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void drain(Socket client) throws IOException {
        isBusy(client, false);
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Waits until the client closes; what still comes is not read, so that a client that sends gets stuck. */
    private void awaitEnd(Socket client) throws IOException {
        isBusy(client, false);
        while (!client.isClosed()) {
            pause(20);
            client.sendUrgentData(0);
        }
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
