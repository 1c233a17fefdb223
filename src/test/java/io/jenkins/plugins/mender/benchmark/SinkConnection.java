package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One connection to the {@link Sink}: request after request until the client has enough. */
final class SinkConnection {
    /** The owner of this token may do nothing. */
    static final String REFUSED = "refused";

    /** The owner of this token may do everything but upload. */
    static final String REFUSED_UPLOAD = "refused-upload";

    /** What the owner of this token uploads is too large, as is said after its first MiB. */
    static final String TOO_LARGE = "too-large";

    /** Where to ask for {@link Sink#takeReceived}. */
    static final String RECEIVED = "/received";

    private static final int EARLY_BYTES = 1024 * 1024;
    private static final int BUFFER_BYTES = 256 * 1024;

    /** How far a slow connection may catch up on what a timer was late. */
    private static final long SLACK_NANOS = 10_000_000;

    /** The speed of a connection that takes what comes. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final Sink sink;
    private final Socket socket;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private InputStream in;
    private int position;
    private int end;
    private long received;
    private final long speed;

    /** When the bytes that have come would have come over a network of that speed. */
    private long due = System.nanoTime();

    SinkConnection(Sink sink, Socket socket, long speed) {
        this.sink = sink;
        this.socket = socket;
        this.speed = speed;
    }

    /** {@return what came so far, in bytes; nothing when it was only asked for figures} */
    long received() {
        return received;
    }

    void serve() throws IOException {
        in = socket.getInputStream();
        String request = line();
        while (!request.isEmpty()) {
            Head head = head(request);
            if (request.contains(RECEIVED)) {
                answer("200 OK", "text/plain", String.valueOf(take()));
                received = 0;
                return;
            }
            if (head.refused()) {
                refuse("401 Unauthorized", "invalid jwt");
                return;
            }
            if (head.expectsContinue) {
                write("HTTP/1.1 100 Continue\r\n\r\n");
            }
            if (head.authorization.endsWith(" " + TOO_LARGE)) {
                discard(Math.min(head.length, EARLY_BYTES));
                refuse("413 Request Entity Too Large", "too large");
                return;
            }
            discard(head);
            answer(request);
            request = head.closes ? "" : line();
        }
    }

    /** What counts of a request's header. */
    private static final class Head {
        private boolean post;
        private boolean expectsContinue;
        private boolean chunked;
        private boolean closes;
        private long length;
        private String authorization = "";

        private boolean refused() {
            return authorization.endsWith(" " + REFUSED) || post && authorization.endsWith(" " + REFUSED_UPLOAD);
        }
    }

    private Head head(String request) throws IOException {
        Head head = new Head();
        head.post = request.startsWith("POST ");
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "authorization" -> head.authorization = value;
                case "content-length" -> head.length = Long.parseLong(value);
                case "connection" -> head.closes = value.equalsIgnoreCase("close");
                case "expect" -> head.expectsContinue = true;
                case "transfer-encoding" -> head.chunked = value.equalsIgnoreCase("chunked");
                default -> {} // says nothing that matters here
            }
        }
        return head;
    }

    private void discard(Head head) throws IOException {
        if (!head.chunked) {
            discard(head.length);
            return;
        }
        long chunk;
        do {
            chunk = Long.parseLong(line(), 16);
            discard(chunk);
            line();
        } while (chunk > 0);
    }

    private void discard(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (position == end && !fill()) {
                throw new IOException("the body is too short");
            }
            long step = Math.min(left, end - position);
            position += (int) step;
            left -= step;
        }
    }

    private void answer(String request) throws IOException {
        if (request.startsWith("POST ")) {
            write(
                    "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n"
                            + "Location: /api/management/v1/deployments/artifacts/8caadefe-ad8e-4c31-8e2d-a942f60935f2\r\n\r\n");
        } else if (request.contains("/users/me")) {
            answer("200 OK", "application/json", "{\"id\":\"1\",\"email\":\"ci@example.com\"}");
        } else {
            answer("200 OK", "application/json", "[]");
        }
    }

    /** Answers, and reads what the client goes on to send until it notices. */
    private void refuse(String status, String words) throws IOException {
        answer(status, "application/json", "{\"error\":\"" + words + "\"}");
        socket.shutdownOutput();
        while (fill()) {
            position = end;
        }
    }

    private void answer(String status, String type, String body) throws IOException {
        write("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private long take() throws InterruptedIOException {
        try {
            return sink.takeReceived();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** A line without its end; empty at the end of the connection. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (position < end || fill()) {
            char next = (char) buffer[position++];
            if (next == '\n') {
                break;
            }
            if (next != '\r') {
                line.append(next);
            }
        }
        return line.toString();
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer);
        position = 0;
        end = Math.max(0, read);
        received += end;
        slowDown();
        return read > 0;
    }

    private void slowDown() throws InterruptedIOException {
        if (speed == UNLIMITED) {
            return;
        }
        due = Math.max(due, System.nanoTime() - SLACK_NANOS) + end * 1_000_000_000L / speed;
        try {
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
