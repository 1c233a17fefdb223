package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;

/** The way of a connection, direct or through a proxy, and whose fault it is when it does not lead to the server. */
final class Route {
    private static final int PROXY_LOGIN = 407;

    private final Optional<ProxySettings> proxy;
    private final boolean encrypted;
    private final Encryption encryption;

    Route(ConnectionSettings settings, URI target, Encryption encryption) {
        this.proxy = settings.proxyFor(target.getHost());
        this.encrypted = target.getScheme().equalsIgnoreCase("https");
        this.encryption = encryption;
    }

    /** Makes a client take this way. */
    void applyTo(HttpClientBuilder builder) {
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

    /** {@return the answer, unless it is the proxy's own: it wants a login, or came before there was a way to the server} */
    ApiResponse judge(ApiResponse response) throws TransportException {
        boolean login = response.status() == PROXY_LOGIN;
        if (proxy.isPresent() && (login || encrypted && !encryption.isDone())) {
            String status = ("HTTP " + response.status() + ' ' + PlainText.oneLine(response.reason(), 64)).strip();
            throw ofTheProxy(login ? Failure.PROXY_LOGIN : Failure.PROXY, status);
        }
        return response;
    }

    /** {@return the failure as what it is: the proxy's, where only the proxy was dialled; a certificate's} */
    TransportException judge(TransportException e) {
        if (e.failure() == Failure.NOT_TRUSTED && encryption.problem().isPresent()) {
            return new TransportException(encryption.problem().get(), e.getMessage());
        }
        boolean dialling = e.failure() == Failure.NOT_CONNECTED || e.failure() == Failure.UNKNOWN_HOST;
        return proxy.isPresent() && dialling ? ofTheProxy(Failure.PROXY, e.getMessage()) : e;
    }

    private TransportException ofTheProxy(Failure failure, String detail) {
        return new TransportException(
                failure, proxy.map(way -> way + ": " + detail).orElse(detail), 0, false);
    }
}
