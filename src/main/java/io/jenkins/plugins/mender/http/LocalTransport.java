package io.jenkins.plugins.mender.http;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes exchanges from this JVM with Apache HttpClient 5. It neither follows redirects nor repeats requests, reads an answer
 * that comes before the body is out, gives up on a connection where nothing moves, and ends it at once when the calling thread
 * is interrupted. What one exchange leaves of its connection the next may use, of another transport too.
 */
public final class LocalTransport implements Transport {
    private static final KeptConnections KEPT = new KeptConnections();

    private final ConnectionSettings settings;
    private final Consumer<TlsConnection> listener;
    private final boolean keeping;

    /**
     * An encrypted connection that was made.
     *
     * @param protocol the protocol's version, such as {@code TLSv1.3}
     * @param certificate the server's own certificate
     */
    public record TlsConnection(String protocol, ServerCertificate certificate) {}

    /**
     * Creates the transport.
     *
     * @param settings timeouts, proxy and trust
     */
    public LocalTransport(ConnectionSettings settings) {
        this(settings, connection -> {}, true);
    }

    /**
     * Creates a transport that tells of its encrypted connections, and makes a new one for each exchange.
     *
     * @param settings timeouts, proxy and trust
     * @param listener is told of each encrypted connection, by a thread of the transport's own
     */
    public LocalTransport(ConnectionSettings settings, Consumer<TlsConnection> listener) {
        this(settings, listener, false);
    }

    private LocalTransport(ConnectionSettings settings, Consumer<TlsConnection> listener, boolean keeping) {
        this.settings = settings;
        this.listener = listener;
        this.keeping = keeping;
    }

    /** Loads what a first exchange needs, the JVM's trust store included: most of a second in a fresh JVM, and nothing later. */
    public static void warmUp() {
        Request any = new Request("GET", URI.create("https://localhost"), List.of(), new Request.Body.None(), false);
        try {
            new Connection(ConnectionSettings.defaults(), any, connection -> {}).close();
        } catch (IOException e) {
            // the first exchange will say so
        }
    }

    @Override
    public Response send(Request request, Listener progress) throws TransportException, InterruptedException {
        ConnectionSettings way = MachineProxy.in(settings, request.uri());
        Connection.Key key = Connection.Key.of(way, request);
        Exchange exchange = new Exchange(way, request, progress);
        Connection kept = keeping ? KEPT.take(key) : null;
        Connection connection;
        try {
            connection = kept == null ? new Connection(way, request, listener) : kept;
        } catch (IOException e) {
            throw exchange.failure(e);
        }
        try {
            return exchange.run(connection);
        } finally {
            if (keeping && exchange.isComplete()) {
                KEPT.leave(key, connection);
            } else {
                connection.abort();
                exchange.release();
            }
        }
    }

    /**
     * Connections that one exchange leaves for the next: each spares a TCP and a TLS handshake, which is most of the time that a
     * small file takes. They are kept in this JVM, since a step's exchanges come to an agent one by one, and for so short a time
     * that hardly a server closes one by itself just when it is taken: a file that is sent over it must not be lost on the way.
     */
    private static final class KeptConnections {
        /** How long a connection is kept: the exchanges of a step follow each other at once. */
        private static final long KEEP_MILLIS = 2000;

        private final Map<Connection.Key, Deque<Kept>> idle = new HashMap<>();

        /** Closes them; its thread ends when there are none. */
        private final ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "Mender: close unused connections");
            thread.setDaemon(true);
            return thread;
        });

        private KeptConnections() {
            closer.setKeepAliveTime(KEEP_MILLIS, TimeUnit.MILLISECONDS);
            closer.allowCoreThreadTimeOut(true);
        }

        /** A connection from when it was left until it is taken or has been left for too long; the same one may be left again. */
        private static final class Kept {
            private final Connection connection;

            private Kept(Connection connection) {
                this.connection = connection;
            }
        }

        /** {@return the connection that was left last, which is the caller's alone from now on; null when there is none} */
        synchronized Connection take(Connection.Key key) {
            Deque<Kept> some = idle.get(key);
            if (some == null) {
                return null;
            }
            Kept last = some.getLast();
            remove(key, last);
            return last.connection;
        }

        /** Leaves a connection where nothing is under way. It is closed unless it is taken soon. */
        void leave(Connection.Key key, Connection connection) {
            Kept kept = new Kept(connection);
            synchronized (this) {
                idle.computeIfAbsent(key, any -> new ArrayDeque<>()).addLast(kept);
            }
            Runnable end = () -> {
                if (remove(key, kept)) {
                    connection.close();
                }
            };
            closer.schedule(end, KEEP_MILLIS, TimeUnit.MILLISECONDS);
        }

        private synchronized boolean remove(Connection.Key key, Kept kept) {
            Deque<Kept> some = idle.get(key);
            boolean removed = some != null && some.remove(kept);
            if (removed && some.isEmpty()) {
                idle.remove(key);
            }
            return removed;
        }
    }
}
