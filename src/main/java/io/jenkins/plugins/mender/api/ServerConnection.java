package io.jenkins.plugins.mender.api;

import java.net.URI;
import java.util.function.Consumer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection to one server, direct or through a proxy, for one exchange at a time. It is made with the first exchange, and
 * made anew when the next one finds it closed.
 */
final class ServerConnection {
    /** How long to wait for a server's consent to a body before it is sent without. */
    private static final Timeout CONSENT_TIMEOUT = Timeout.ofSeconds(3);

    private final ConnectionSettings settings;
    private final Encryption encryption;
    private final Route route;
    private final CloseableHttpClient client;

    /**
     * Where a connection leads, and how: whoever asks for the same may take it over. What is sent over it, the token included,
     * is each exchange's own.
     */
    record Key(ConnectionSettings settings, String scheme, String host, int port) {
        static Key of(ConnectionSettings settings, URI target) {
            return new Key(settings, target.getScheme(), target.getHost(), target.getPort());
        }
    }

    ServerConnection(ConnectionSettings settings, URI target, Consumer<TlsConnection> listener) {
        this.settings = settings;
        this.encryption = new Encryption(settings, listener);
        this.route = new Route(settings, target, encryption);
        this.client = newClient();
    }

    private CloseableHttpClient newClient() {
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections())
                .setRequestExecutor(
                        new HttpRequestExecutor(CONSENT_TIMEOUT, DefaultConnectionReuseStrategy.INSTANCE, null))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                        .build())
                .setUserAgent("Jenkins-Mender-Plugin")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        route.applyTo(builder);
        return builder.build();
    }

    private HttpClientConnectionManager connections() {
        EarlyAnswer earlyAnswer = new EarlyAnswer();
        HttpConnectionFactory<ManagedHttpClientConnection> factory = ManagedHttpClientConnectionFactory.builder()
                .responseOutOfOrderStrategy((request, connection, in, sent, next) -> {
                    encryption.sent(sent);
                    return earlyAnswer.isEarlyResponseDetected(request, connection, in, sent, next);
                })
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(earlyAnswer.below(encryption))
                .setConnectionFactory(socket -> {
                    encryption.begin();
                    return factory.createConnection(socket);
                })
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS) // the server may have closed it
                        .build())
                .build();
    }

    CloseableHttpClient client() {
        return client;
    }

    /** {@return whose fault it is when the way does not lead to the server} */
    Route route() {
        return route;
    }

    /** Closes it as is polite, when nothing is under way. */
    void close() {
        client.close(CloseMode.GRACEFUL);
    }

    /** Ends what is under way. */
    void abort() {
        client.close(CloseMode.IMMEDIATE);
    }
}
