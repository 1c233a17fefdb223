package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.Request.Header;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
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
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
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

    private final ConnectionSettings settings;
    private final Consumer<TlsConnection> listener;
    private final Route route;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CloseableHttpAsyncClient client;

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

    Connection(ConnectionSettings settings, URI target, Consumer<TlsConnection> listener) {
        this.settings = settings;
        this.listener = listener;
        this.route = new Route(settings, target);
        this.client = newClient(target.getHost());
        client.start();
    }

    private CloseableHttpAsyncClient newClient(String host) {
        ThreadFactory factory = work -> {
            Thread thread = new Thread(work, "Mender connection to " + host);
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        };
        HttpAsyncClientBuilder builder = HttpAsyncClientBuilder.create()
                .setConnectionManager(connections())
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
                .setIoSessionDecorator(session -> session) // HttpClient's own writes what passes into its log
                .setIoReactorExceptionCallback(e -> {}) // an exchange hears of what concerns it
                .setUserAgent("Jenkins-Mender-Plugin")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        route.applyTo(builder);
        return builder.build();
    }

    private AsyncClientConnectionManager connections() {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy((LazyTls) this::tls)
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

    /** TLS 1.2 or 1.3; made when it is needed, since trust stores are large and plain HTTP needs none. */
    private TlsStrategy tls() throws IOException {
        boolean skipped = settings.skipCertificateCheck();
        return new DefaultClientTlsStrategy(
                TlsContexts.of(settings),
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

    /** Makes the strategy that it hands over to. */
    @FunctionalInterface
    private interface LazyTls extends TlsStrategy {
        TlsStrategy make() throws IOException;

        @Override
        default void upgrade(
                TransportSecurityLayer connection,
                NamedEndpoint server,
                Object attachment,
                Timeout timeout,
                FutureCallback<TransportSecurityLayer> callback) {
            try {
                make().upgrade(connection, server, attachment, timeout, callback);
            } catch (IOException e) {
                callback.failed(e);
            }
        }

        @Override
        @Deprecated
        default boolean upgrade(
                TransportSecurityLayer connection,
                HttpHost host,
                SocketAddress local,
                SocketAddress remote,
                Object attachment,
                Timeout timeout) {
            upgrade(connection, host, attachment, timeout, null);
            return true;
        }
    }

    /**
     * Makes one exchange, by the connection's own thread. Returns when it has begun, which can take as long as the name server
     * that knows the host's address.
     */
    void begin(AsyncRequestProducer request, AnswerReader reader) {
        client.execute(request, reader, reader);
    }

    /** {@return whose fault it is when the way does not lead to the server} */
    Route route() {
        return route;
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
