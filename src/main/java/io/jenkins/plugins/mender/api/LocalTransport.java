package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;
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

    /**
     * Creates the transport.
     *
     * @param settings timeouts, proxy and trust
     */
    public LocalTransport(ConnectionSettings settings) {
        this.settings = settings;
    }

    @Override
    public ApiResponse send(ApiRequest request, ExchangeListener listener)
            throws TransportException, InterruptedException {
        try (CloseableHttpClient client = client(request.uri())) {
            return new WatchedExchange(client, settings, request, listener).run();
        } catch (TransportException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw new TransportException(Failure.CUT, Redaction.of(request).apply(e.toString()), 0, false);
        }
    }

    private CloseableHttpClient client(URI uri) throws GeneralSecurityException {
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections(uri.getScheme().equalsIgnoreCase("https")))
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
        ProxySettings proxy = settings.proxy();
        if (proxy != null && proxy.appliesTo(uri.getHost())) {
            HttpHost proxyHost = new HttpHost(proxy.host(), proxy.port());
            builder.setProxy(proxyHost);
            if (proxy.user() != null) {
                BasicCredentialsProvider credentials = new BasicCredentialsProvider();
                char[] password = proxy.password() == null
                        ? new char[0]
                        : proxy.password().toCharArray();
                credentials.setCredentials(
                        new AuthScope(proxyHost), new UsernamePasswordCredentials(proxy.user(), password));
                builder.setDefaultCredentialsProvider(credentials);
            }
        }
        return builder.build();
    }

    private HttpClientConnectionManager connections(boolean encrypted) throws GeneralSecurityException {
        EarlyAnswer earlyAnswer = new EarlyAnswer();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseOutOfOrderStrategy(earlyAnswer)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(settings.connectTimeout()))
                        .build())
                .setTlsSocketStrategy(encrypted ? earlyAnswer.below(tls()) : LocalTransport::noTls)
                .build();
    }

    private TlsSocketStrategy tls() throws GeneralSecurityException {
        if (settings.skipCertificateCheck()) {
            return new DefaultClientTlsStrategy(
                    SSLContexts.custom()
                            .loadTrustMaterial(TrustAllStrategy.INSTANCE)
                            .build(),
                    HostnameVerificationPolicy.CLIENT,
                    NoopHostnameVerifier.INSTANCE);
        }
        return DefaultClientTlsStrategy.createDefault();
    }

    /** In place of a TLS that is not needed: reading what it trusts takes longer than a small request. */
    private static SSLSocket noTls(Socket socket, String host, int port, Object attachment, HttpContext context)
            throws SSLException {
        throw new SSLException("not a TLS connection");
    }

    private static Timeout timeout(java.time.Duration duration) {
        return Timeout.of(duration);
    }
}
