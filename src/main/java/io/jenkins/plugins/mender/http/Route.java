package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;

/** The way of a connection, direct or through a proxy, and whose fault it is when it does not lead to the server. */
final class Route {
    private static final int PROXY_LOGIN = 407;

    private final Optional<ProxySettings> proxy;
    private final boolean secure;

    Route(ConnectionSettings settings, URI target) {
        this.proxy = settings.proxyFor(target.getHost());
        this.secure = target.getScheme().equalsIgnoreCase("https");
    }

    /** Makes a client take this way. */
    void applyTo(HttpAsyncClientBuilder builder) {
        proxy.ifPresent(way -> {
            HttpHost host = new HttpHost(way.host(), way.port());
            builder.setProxy(host);
            if (way.user() != null) {
                BasicCredentialsProvider credentials = new BasicCredentialsProvider();
                char[] password =
                        way.password() == null ? new char[0] : way.password().toCharArray();
                credentials.setCredentials(new AuthScope(host), new UsernamePasswordCredentials(way.user(), password));
                builder.setDefaultCredentialsProvider(credentials);
            }
        });
    }

    /**
     * Makes sure that an answer is the server's, not the proxy's own: that wants a login, or there is no way to the server.
     *
     * @param encrypted whether it came over an encrypted connection
     */
    void judge(int status, String reason, boolean encrypted) throws TransportException {
        boolean login = status == PROXY_LOGIN;
        if (proxy.isPresent() && (login || secure && !encrypted)) {
            String answer = ("HTTP " + status + ' ' + PlainText.oneLine(reason, 64)).strip();
            throw ofTheProxy(login ? Failure.PROXY_LOGIN : Failure.PROXY, answer);
        }
    }

    /** {@return the failure as what it is: the proxy's, where only the proxy was dialled} */
    TransportException judge(TransportException e) {
        boolean dialling = e.failure() == Failure.NOT_CONNECTED || e.failure() == Failure.UNKNOWN_HOST;
        return proxy.isPresent() && dialling ? ofTheProxy(Failure.PROXY, e.getMessage()) : e;
    }

    private TransportException ofTheProxy(Failure failure, String detail) {
        return new TransportException(
                failure, proxy.map(way -> way + ": " + detail).orElse(detail), 0, false);
    }
}
