package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Says what a Mender Server would say to an upload, and throws the Artifact away as fast as it comes: the same few lines for
 * every client. It reads with blocking sockets, a thread for each connection.
 */
final class Sink implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final int SLOW_BUFFER_BYTES = 256 * 1024;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private int connections;
    private long received;

    /**
     * The sink as a process of its own: it tells its ports, plain and TLS for each speed, and ends with its standard input.
     *
     * @param arguments the key store, its password, and the speeds
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        try (Sink sink = new Sink()) {
            ServerSocketFactory tls = tls(Path.of(arguments[0]), arguments[1].toCharArray());
            List<String> ports = new ArrayList<>();
            for (String speed : List.of(arguments).subList(2, arguments.length)) {
                ports.add("" + sink.listen(ServerSocketFactory.getDefault(), Long.parseLong(speed)));
                ports.add("" + sink.listen(tls, Long.parseLong(speed)));
            }
            System.out.println(String.join(" ", ports));
            System.in.transferTo(System.err);
        }
    }

    private static ServerSocketFactory tls(Path keyStore, char[] password)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    /** Begins to listen on a free port of the loopback interface for clients that are as fast as they can, and {@return the port}. */
    int listen(ServerSocketFactory sockets) throws IOException {
        return listen(sockets, SinkConnection.UNLIMITED);
    }

    /**
     * Begins to listen on a free port of the loopback interface.
     *
     * @param speed how many bytes to take in a second on each connection, as a network does that has no more
     * @return the port
     */
    int listen(ServerSocketFactory sockets, long speed) throws IOException {
        ServerSocket listener = sockets.createServerSocket();
        if (speed != SinkConnection.UNLIMITED) {
            listener.setReceiveBufferSize(SLOW_BUFFER_BYTES); // what the system takes for a client is not sent yet
        }
        listener.bind(new InetSocketAddress("127.0.0.1", 0), BACKLOG);
        listeners.add(listener);
        start(() -> accept(listener, speed), "sink");
        return listener.getLocalPort();
    }

    private void accept(ServerSocket listener, long speed) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true); // as servers do; else a client's late acknowledgement costs 40 ms an answer
                opened();
                start(() -> serve(socket, speed), "sink connection");
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket, long speed) {
        SinkConnection connection = new SinkConnection(this, socket, speed);
        try (socket) {
            connection.serve();
        } catch (IOException e) {
            // the client has gone, as it may
        } finally {
            closed(connection.received());
        }
    }

    private synchronized void opened() {
        connections++;
    }

    private synchronized void closed(long bytes) {
        connections--;
        received += bytes;
        notifyAll();
    }

    /**
     * Waits until the caller's is the only connection, so that everything that was sent has been counted.
     *
     * @return what came over all ended connections since this was asked last, in bytes: headers and bodies, without TLS
     */
    synchronized long takeReceived() throws InterruptedException {
        while (connections > 1) {
            wait();
        }
        long taken = received;
        received = 0;
        return taken;
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
