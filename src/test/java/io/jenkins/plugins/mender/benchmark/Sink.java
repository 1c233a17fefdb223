package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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

    private final List<ServerSocket> listeners = new ArrayList<>();
    private int connections;
    private long received;

    /**
     * The sink as a process of its own: it tells its ports, plain and TLS, and ends with its standard input.
     *
     * @param arguments the key store and its password
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        try (Sink sink = new Sink()) {
            int plain = sink.listen(ServerSocketFactory.getDefault());
            int tls = sink.listen(tls(Path.of(arguments[0]), arguments[1].toCharArray()));
            System.out.println(plain + " " + tls);
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

    /** Begins to listen on a free port of the loopback interface and {@return the port}. */
    int listen(ServerSocketFactory sockets) throws IOException {
        ServerSocket listener = sockets.createServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
        listeners.add(listener);
        start(() -> accept(listener), "sink");
        return listener.getLocalPort();
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true); // as servers do; else a client's late acknowledgement costs 40 ms an answer
                opened();
                start(() -> serve(socket), "sink connection");
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        SinkConnection connection = new SinkConnection(this, socket);
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
