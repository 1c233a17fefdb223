package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.LocalTransport.TlsConnection;
import io.jenkins.plugins.mender.http.Request.Header;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.EventMask;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection to one server, direct or through a proxy, for one exchange at a time. It is made with the first exchange, and
 * made anew when the next one finds it closed. HttpClient's asynchronous client reads while it writes and never blocks in either, so
 * that an answer is noticed whenever it comes, and whatever is under way can be ended.
 */
final class Connection {
    /** How long to wait for a server's consent to a body before it is sent without. */
    private static final Timeout CONSENT_TIMEOUT = Timeout.ofSeconds(3);

    /** How long to wait for the end of the client's threads; closing the connection ends them within milliseconds. */
    private static final long END_MILLIS = 1000;

    /** How long a line of an answer's head, of a chunk's or of a trailer may be. */
    private static final int MAX_LINE_BYTES = 16 * 1024;

    /** How many lines a head or a trailer may have. */
    private static final int MAX_HEADERS = 100;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CloseableHttpAsyncClient client;

    /** What HttpClient made last, TLS upon it; used by the connection's own thread. Not private since a test makes it narrow. */
    IOSession socket;

    private IOSession tls;

    /**
     * Where a connection leads, how, and for whom: whoever asks for the same may take it over. One who has other credentials
     * gets no connection that was theirs, lest a late answer meant for one reach the other.
     */
    record Key(ConnectionSettings settings, String scheme, String host, int port, List<String> credentials) {
        static Key of(ConnectionSettings settings, Request request) {
            URI target = request.uri();
            return new Key(
                    settings,
                    target.getScheme(),
                    target.getHost(),
                    target.getPort(),
                    request.headers().stream()
                            .filter(Header::isSecret)
                            .map(Header::value)
                            .toList());
        }

        /** The address alone. */
        @Override
        public String toString() {
            return scheme + "://" + host + ':' + port;
        }
    }

    /**
     * Prepares the connection.
     *
     * @param listener is told of each encrypted connection
     * @throws IOException when the JVM cannot read certificates
     */
    Connection(ConnectionSettings settings, Request request, Consumer<TlsConnection> listener) throws IOException {
        String host = request.uri().getHost();
        // trust stores are large, and plain HTTP needs none
        TlsStrategy tls =
                request.isSecure() ? tls(settings, listener) : (layer, to, here, there, config, time) -> false;
        this.client = newClient(host, connections(settings, tls), settings.proxyFor(host));
        client.start();
    }

    private CloseableHttpAsyncClient newClient(
            String host, AsyncClientConnectionManager connections, Optional<ProxySettings> proxy) {
        ThreadFactory factory = work -> {
            Thread thread = new Thread(work, "Mender connection to " + host);
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        };
        HttpAsyncClientBuilder builder = HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setHttp1Config(Http1Config.custom()
                        .setWaitForContinueTimeout(CONSENT_TIMEOUT)
                        .setMaxLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setTcpNoDelay(true)
                        .build())
                .setThreadFactory(factory)
                .setIoSessionDecorator(this::noted) // HttpClient's own writes what passes into its log
                .setIoReactorExceptionCallback(e -> {}) // an exchange hears of what concerns it
                .setUserAgent("Jenkins-Mender-Plugin")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        proxy.ifPresent(way -> {
            HttpHost address = new HttpHost(way.host(), way.port());
            builder.setProxy(address);
            if (way.user() != null) {
                char[] password = Objects.requireNonNullElse(way.password(), "").toCharArray();
                BasicCredentialsProvider credentials = new BasicCredentialsProvider();
                credentials.setCredentials(
                        new AuthScope(address), new UsernamePasswordCredentials(way.user(), password));
                builder.setDefaultCredentialsProvider(credentials);
            }
        });
        return builder.build();
    }

    private static AsyncClientConnectionManager connections(ConnectionSettings settings, TlsStrategy tls) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(tls)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .setHandshakeTimeout(Timeout.of(settings.connectTimeout()))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS) // the server may have closed it
                        .build())
                .build();
    }

    /** TLS 1.2 or 1.3. */
    private static TlsStrategy tls(ConnectionSettings settings, Consumer<TlsConnection> listener) throws IOException {
        boolean skipped = settings.skipCertificateCheck();
        return new DefaultClientTlsStrategy(
                TlsTrust.context(settings),
                PROTOCOLS.clone(),
                null,
                SSLBufferMode.STATIC,
                HostnameVerificationPolicy.CLIENT,
                skipped ? NoopHostnameVerifier.INSTANCE : HttpsSupport.getDefaultHostnameVerifier()) {
            /** HttpClient 5.6 sets the name too late for the engine, and checks it after the handshake alone. */
            @Override
            protected void initializeEngine(SSLEngine engine) {
                if (!skipped) {
                    SSLParameters parameters = engine.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    engine.setSSLParameters(parameters);
                }
            }

            @Override
            protected void verifySession(String host, SSLSession session) throws SSLException {
                super.verifySession(host, session);
                if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                    listener.accept(new TlsConnection(session.getProtocol(), ServerCertificate.of(certificate)));
                }
            }
        };
    }

    /**
     * Makes one exchange, by the connection's own thread. Returns when it has begun, which can take as long as the name server
     * that knows the host's address.
     */
    void begin(AsyncRequestProducer request, AsyncResponseConsumer<Void> reader, FutureCallback<Void> end) {
        client.execute(request, reader, end);
    }

    private IOSession noted(IOSession session) {
        if (session instanceof SSLIOSession) {
            tls = session;
        } else {
            socket = session;
            tls = null;
        }
        return session;
    }

    /**
     * Whether some of what was encrypted has not gone out; for the connection's own thread. HttpCore 5.4.1 encrypts whatever it is
     * given into a buffer that it enlarges without end where a network is slower than a disk ({@code SSLIOSession.write}; mended by
     * its pull request 674). It waits for the socket on behalf of the exchange, or else because that buffer is not empty.
     */
    boolean hasUnsent() {
        if (tls == null) {
            return false;
        }
        tls.clearEvent(EventMask.WRITE);
        boolean unsent = (socket.getEventMask() & EventMask.WRITE) != 0;
        tls.setEvent(EventMask.WRITE);
        return unsent;
    }

    /** Closes it as is polite, when nothing is under way. */
    void close() {
        client.close(CloseMode.GRACEFUL);
    }

    /** Ends what is under way, and waits for the end of it. */
    void abort() {
        client.close(CloseMode.IMMEDIATE);
        try {
            for (Thread thread : threads) {
                thread.join(END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
