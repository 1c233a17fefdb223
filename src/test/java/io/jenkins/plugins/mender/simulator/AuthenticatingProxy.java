package io.jenkins.plugins.mender.simulator;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Callback;

/** A forward proxy on the loopback interface, of Jetty's making, that wants a user name and a password. */
public final class AuthenticatingProxy implements AutoCloseable {
    /** Who may use the proxy. */
    public static final String USER = "builder";

    /** That user's password. */
    public static final String PASSWORD = "proxy pass: ümläut";

    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString((USER + ':' + PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final Set<String> OWN_HEADERS =
            Set.of("connection", "content-length", "expect", "host", "proxy-authorization", "transfer-encoding");

    /** Jetty tells of each start and stop, and test logs are long enough; a logger that nobody holds forgets its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final CloseableHttpClient client = HttpClients.custom()
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .build();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> forbidden = new CopyOnWriteArrayList<>();
    private volatile List<String> challenges = List.of("Basic realm=\"proxy\"");
    private final Map<String, InetSocketAddress> ways = new ConcurrentHashMap<>();

    private AuthenticatingProxy() {
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        jetty.addConnector(connector);
        jetty.setHandler(new Tunnels(new Forwarding()));
    }

    /** Starts a proxy. */
    public static AuthenticatingProxy start() throws Exception {
        AuthenticatingProxy proxy = new AuthenticatingProxy();
        proxy.jetty.start();
        return proxy;
    }

    /** {@return the proxy's address} */
    public String host() {
        return connector.getHost();
    }

    /** {@return the proxy's port} */
    public int port() {
        return connector.getLocalPort();
    }

    /** Makes the proxy refuse tunnels to a host. */
    public void forbid(String host) {
        forbidden.add(host);
    }

    /** Makes the proxy name other ways to log in, of which it knows none. */
    public void askFor(String... schemes) {
        challenges = List.of(schemes);
    }

    /** Makes tunnels to a host end at a port of this machine. */
    public void lead(String host, int port) {
        ways.put(host, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** {@return the requests with a good login that came: method, address and the names of the headers} */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws Exception {
        jetty.stop();
        client.close();
    }

    private boolean admits(Request request, Response response) {
        if (LOGIN.equals(request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION))) {
            requests.add(request.getMethod()
                    + ' '
                    + request.getHttpURI()
                    + ' '
                    + request.getHeaders().getFieldNamesCollection());
            return true;
        }
        challenges.forEach(challenge -> response.getHeaders().add(HttpHeader.PROXY_AUTHENTICATE, challenge));
        return false;
    }

    /** {@code CONNECT}, for encrypted connections. */
    private final class Tunnels extends ConnectHandler {
        private Tunnels(Handler plain) {
            super(plain);
        }

        @Override
        protected boolean handleAuthentication(Request request, Response response, String address) {
            return admits(request, response);
        }

        @Override
        protected InetSocketAddress newConnectAddress(String host, int port) {
            return ways.getOrDefault(host, super.newConnectAddress(host, port));
        }

        @Override
        public boolean validateDestination(String host, int port) {
            return !forbidden.contains(host);
        }
    }

    /** Requests for absolute addresses. */
    private final class Forwarding extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (!admits(request, response)) {
                Response.writeError(request, response, callback, 407);
                return true;
            }
            HttpUriRequestBase forwarded = new HttpUriRequestBase(
                    request.getMethod(), URI.create(request.getHttpURI().asString()));
            for (HttpField field : request.getHeaders()) {
                if (!OWN_HEADERS.contains(field.getLowerCaseName())) {
                    forwarded.addHeader(field.getName(), field.getValue());
                }
            }
            if (request.getLength() > 0) {
                forwarded.setEntity(
                        new InputStreamEntity(Content.Source.asInputStream(request), request.getLength(), null));
            }
            byte[] body = client.execute(forwarded, answer -> {
                response.setStatus(answer.getCode());
                for (Header header : answer.getHeaders()) {
                    if (!OWN_HEADERS.contains(header.getName().toLowerCase(Locale.ROOT))) {
                        response.getHeaders().add(header.getName(), header.getValue());
                    }
                }
                return answer.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(answer.getEntity());
            });
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
