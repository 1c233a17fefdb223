package io.jenkins.plugins.mender.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Connections that one exchange leaves for the next: each spares a TCP and a TLS handshake, which is most of the time that a
 * small file takes. They are kept in this JVM, since a step's exchanges come to an agent one by one, and for so short a time
 * that hardly a server closes one by itself just when it is taken: a file that is sent over it must not be lost on the way.
 */
final class KeptConnections {
    /** How long a connection is kept: the exchanges of a step follow each other at once. */
    private static final long KEEP_MILLIS = 2000;

    private final Map<Connection.Key, Deque<Kept>> idle = new HashMap<>();
    private final ScheduledExecutorService closer = newCloser();

    /** {@return what closes them, whose thread ends when there are none} */
    private static ScheduledExecutorService newCloser() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "Mender: close unused connections");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(KEEP_MILLIS, TimeUnit.MILLISECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A connection from when it was left until it is taken or has been left for too long. */
    private static final class Kept {
        private final Connection connection;

        private Kept(Connection connection) {
            this.connection = connection;
        }
    }

    /** {@return the connection that was left last, which is the caller's alone from now on; empty when there is none} */
    synchronized Optional<Connection> take(Connection.Key key) {
        return Optional.ofNullable(idle.get(key)).map(Deque::peekLast).map(kept -> {
            remove(key, kept);
            return kept.connection;
        });
    }

    /** Leaves a connection where nothing is under way. It is closed unless it is taken soon. */
    void leave(Connection.Key key, Connection connection) {
        Kept kept = new Kept(connection);
        synchronized (this) {
            idle.computeIfAbsent(key, any -> new ArrayDeque<>()).addLast(kept);
        }
        closer.schedule(
                () -> {
                    if (remove(key, kept)) {
                        connection.close();
                    }
                },
                KEEP_MILLIS,
                TimeUnit.MILLISECONDS);
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
