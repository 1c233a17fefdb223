package io.jenkins.plugins.mender.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The network between a build and a gateway, on which nothing gets through any more to the gateway after some bytes. */
final class StalledLine implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * Begins to listen.
     *
     * @param port the gateway's
     * @param bytes how much of what is sent on a connection gets through
     */
    StalledLine(int port, long bytes) throws IOException {
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                Socket gateway = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(client, gateway));
                start(() -> copy(client.getInputStream(), gateway.getOutputStream(), bytes));
                start(() -> {
                    try (client) {
                        copy(gateway.getInputStream(), client.getOutputStream(), Long.MAX_VALUE);
                    }
                });
            }
        });
    }

    /** What a thread of the line does until somebody hangs up. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of the two has gone
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] buffer = new byte[8192];
        long left = bytes;
        int read = 0;
        while (read >= 0 && left > 0) {
            out.write(buffer, 0, read);
            left -= read;
            read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        }
    }

    /** {@return the URL in place of the gateway's} */
    String url(boolean tls) {
        return (tls ? "https://localhost:" : "http://127.0.0.1:") + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
