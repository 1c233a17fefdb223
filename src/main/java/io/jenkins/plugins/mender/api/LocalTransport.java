package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes exchanges from this JVM with Apache HttpClient 5. It neither follows redirects nor repeats requests, reads an answer
 * that comes before the body is out, gives up on a connection where nothing moves, and ends it at once when the calling thread
 * is interrupted. It has no state: each exchange has a connection of its own.
 */
public final class LocalTransport implements Transport {
    /** How long to wait for a server's consent to a body before it is sent without. */
    private static final Timeout CONSENT_TIMEOUT = Timeout.ofSeconds(3);

    private final ConnectionSettings settings;
    private final Consumer<TlsConnection> listener;

    /**
     * Creates the transport.
     *
     * @param settings timeouts, proxy and trust
     */
    public LocalTransport(ConnectionSettings settings) {
        this(settings, connection -> {});
    }

    /**
     * Creates a transport that tells of its encrypted connections.
     *
     * @param settings timeouts, proxy and trust
     * @param listener is told of each encrypted connection, by a thread of the transport's own
     */
    public LocalTransport(ConnectionSettings settings, Consumer<TlsConnection> listener) {
        this.settings = settings;
        this.listener = listener;
    }

    @Override
    public ApiResponse send(ApiRequest request, ExchangeListener progress)
            throws TransportException, InterruptedException {
        Encryption encryption = new Encryption(settings, listener);
        Route route = new Route(settings, request.uri(), encryption);
        try (CloseableHttpClient client = client(encryption, route)) {
            return route.judge(new WatchedExchange(client, settings, request, progress).run());
        } catch (TransportException e) {
            throw route.judge(e);
        } catch (IOException e) {
            throw new TransportException(Failure.CUT, Redaction.of(request).apply(e.toString()), 0, false);
        }
    }

    private CloseableHttpClient client(Encryption encryption, Route route) {
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections(encryption))
                .setRequestExecutor(
                        new HttpRequestExecutor(CONSENT_TIMEOUT, DefaultConnectionReuseStrategy.INSTANCE, null))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(settings.connectTimeout()))
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

    private HttpClientConnectionManager connections(Encryption encryption) {
        EarlyAnswer earlyAnswer = new EarlyAnswer();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(earlyAnswer.below(encryption))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseOutOfOrderStrategy(earlyAnswer)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(settings.connectTimeout()))
                        .build())
                .build();
    }

    private static Timeout timeout(java.time.Duration duration) {
        return Timeout.of(duration);
    }
}
