package io.jenkins.plugins.mender.http;

import java.util.Optional;
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

    @Override
    public Response send(Request request, Transport.Listener progress) throws TransportException, InterruptedException {
        Connection.Key key = Connection.Key.of(settings, request);
        Connection connection = (keeping ? KEPT.take(key) : Optional.<Connection>empty())
                .orElseGet(() -> new Connection(settings, request.uri(), listener));
        WatchedExchange exchange = new WatchedExchange(connection, settings, request, progress);
        boolean left = false;
        try {
            Response response = exchange.run();
            if (keeping && exchange.isComplete()) {
                KEPT.leave(key, connection);
                left = true;
            }
            return response;
        } finally {
            if (!left) {
                connection.abort();
                exchange.release();
            }
        }
    }
}
