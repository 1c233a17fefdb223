package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.FileBody.Checksums;
import io.jenkins.plugins.mender.http.FileBody.UnsendableFileException;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Body.Json;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.async.methods.ConfigurableHttpRequest;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;

/** One exchange, made by the client's own thread and watched by the caller's. */
final class Exchange {
    /** How long to wait for the client to be done with an exchange whose answer is whole: it takes microseconds. */
    private static final long END_MILLIS = 1000;

    /** How often the listener hears of a file that is under way: each time costs 5 KB where it is on the other side of an agent's channel. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int PROXY_LOGIN = 407;

    private final ConnectionSettings settings;
    private final Request request;
    private final Transport.Listener listener;
    private final Optional<ProxySettings> proxy;

    /** What neither the server nor the proxy may repeat: the token, and the proxy's password. */
    private final Redaction redaction;

    private final AnswerReader reader = new AnswerReader();
    private FileBody file;
    private boolean complete;
    private volatile long sentBytes;
    private volatile long lastMove = System.nanoTime();
    private volatile boolean wholeBodySent;

    Exchange(ConnectionSettings settings, Request request, Transport.Listener listener) {
        this.settings = settings;
        this.request = request;
        this.listener = listener;
        this.proxy = settings.proxyFor(request.uri().getHost());
        this.redaction = Redaction.of(request)
                .and(settings.proxy() == null ? new String[0] : settings.proxy().secrets());
    }

    Response run(Connection connection) throws TransportException, InterruptedException {
        begin(connection, new BasicRequestProducer(head(), body(connection)));
        try {
            boolean whole = await();
            HttpResponse head = reader.head.orElseThrow();
            String reason = head.getReasonPhrase() == null ? "" : head.getReasonPhrase();
            judge(head.getCode(), reason);
            Checksums sent = file == null ? Checksums.NONE : file.checksums();
            Response response = new Response(
                    head.getCode(),
                    reason,
                    request.answerHeaders().stream()
                            .filter(head::containsHeader)
                            .map(name -> new Header(
                                    name,
                                    String.valueOf(head.getFirstHeader(name).getValue())))
                            .toList(),
                    reader.body.toByteArray(),
                    !whole,
                    sentBytes,
                    sent.sha256(),
                    sent.md5());
            complete = whole
                    && (file == null || wholeBodySent)
                    && reader.released.await(END_MILLIS, TimeUnit.MILLISECONDS);
            return response;
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** {@return whether the request went out and the answer came in, both whole, so that the connection may serve again} */
    boolean isComplete() {
        return complete;
    }

    /** Lets go of the file after the connection was ended: nobody else does then. */
    void release() {
        if (file != null) {
            file.releaseResources();
        }
    }

    /** Looks up the host in a thread of its own, since that heeds neither an interrupt nor a timeout. */
    private void begin(Connection connection, AsyncRequestProducer producer) {
        Thread beginning = new Thread(
                () -> {
                    try {
                        connection.begin(producer, reader, reader);
                    } catch (RuntimeException e) {
                        reader.failed(e);
                    }
                },
                "Mender exchange with " + request.uri().getHost());
        beginning.setDaemon(true);
        beginning.start();
    }

    private ConfigurableHttpRequest head() {
        ConfigurableHttpRequest head = new ConfigurableHttpRequest(request.method(), request.uri());
        request.headers().forEach(header -> head.addHeader(new UnloggedHeader(header)));
        head.setConfig(RequestConfig.custom()
                .setExpectContinueEnabled(request.expectContinue())
                .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                .setRedirectsEnabled(false)
                .setProtocolUpgradeEnabled(false) // else plain requests ask the server, or a proxy, to switch to TLS
                .build());
        return head;
    }

    /** A header whose value is sent, and not logged: HttpClient logs headers by their string form. */
    private static final class UnloggedHeader extends BasicHeader {
        private static final long serialVersionUID = 1;

        private UnloggedHeader(Header header) {
            super(header.name(), header.value(), header.isSecret());
        }

        @Override
        public String toString() {
            return isSensitive() ? getName() + ": ****" : super.toString();
        }
    }

    private AsyncEntityProducer body(Connection connection) {
        if (request.body() instanceof Json json) {
            return new StringAsyncEntityProducer(json.text(), ContentType.APPLICATION_JSON);
        }
        if (request.body() instanceof FileUpload upload) {
            file = new FileBody(upload, connection::hasUnsent, this::moved);
        }
        return file;
    }

    private void moved(long bytes, boolean whole) {
        sentBytes = bytes;
        lastMove = System.nanoTime();
        wholeBodySent = whole;
    }

    /** Waits for an answer and {@return whether all of it came} */
    private boolean await() throws TransportException, InterruptedException, ExecutionException {
        while (true) {
            try {
                long wait = Math.max(0, nanosLeft()) + TimeUnit.MILLISECONDS.toNanos(1);
                return reader.answer.get(Math.min(TELL_NANOS, wait), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (file != null) {
                    listener.at(sentBytes, wholeBodySent);
                }
                if (nanosLeft() <= 0) {
                    throw failure(wholeBodySent ? Failure.NO_ANSWER : Failure.STALLED, "");
                }
            }
        }
    }

    /** {@return nanoseconds until the exchange has been silent for too long} */
    private long nanosLeft() {
        long limit = (wholeBodySent ? settings.answerTimeout() : settings.stallTimeout()).toNanos();
        return limit - (System.nanoTime() - lastMove);
    }

    /** Makes sure that an answer is the server's, not the proxy's own: that wants a login, or there is no way to the server. */
    private void judge(int status, String reason) throws TransportException {
        boolean login = status == PROXY_LOGIN;
        if (proxy.isPresent() && (login || request.isSecure() && !reader.encrypted)) {
            String answer = ("HTTP " + status + ' ' + redaction.line(reason, 64)).strip() + (login ? schemes() : "");
            throw ofTheProxy(login ? Failure.PROXY_LOGIN : Failure.PROXY, answer);
        }
    }

    /** {@return the ways to log in that a proxy asks for, of which Basic is the one that can be given} */
    private String schemes() {
        String schemes = Stream.of(reader.head.orElseThrow().getHeaders("Proxy-Authenticate"))
                .map(header -> String.valueOf(header.getValue()).strip().split("[\\s,]", 2)[0])
                .distinct()
                .collect(Collectors.joining(", "));
        return schemes.isEmpty() ? "" : ", asks for " + redaction.line(schemes, 64);
    }

    /** {@return the failure as what it is: the proxy's, where only the proxy was dialled} */
    TransportException failure(Throwable cause) {
        String detail =
                redaction.line(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), 500);
        Optional<CertificateProblem> problem = TlsTrust.problemOf(cause);
        if (problem.isPresent()) {
            return new TransportException(problem.get(), detail);
        }
        Failure kind = kindOf(cause);
        boolean dialling = kind == Failure.NOT_CONNECTED || kind == Failure.UNKNOWN_HOST;
        if (proxy.isPresent() && dialling) {
            return ofTheProxy(Failure.PROXY, detail);
        }
        Optional<ProxySettings> unused = dialling ? MachineProxy.here().towards(request.uri()) : Optional.empty();
        return failure(
                kind,
                unused.map(way -> detail + "; the proxy " + way + " of this machine is not used")
                        .orElse(detail));
    }

    private TransportException failure(Failure kind, String detail) {
        return new TransportException(kind, detail, sentBytes, wholeBodySent);
    }

    private TransportException ofTheProxy(Failure kind, String detail) {
        return new TransportException(kind, proxy.orElseThrow() + ": " + detail, 0, false);
    }

    private Failure kindOf(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnsendableFileException) {
                return Failure.FILE;
            }
            if (t instanceof UnknownHostException) {
                return Failure.UNKNOWN_HOST;
            }
            if (t instanceof ConnectException
                    || t instanceof NoRouteToHostException
                    || t instanceof ConnectTimeoutException) {
                return Failure.NOT_CONNECTED;
            }
            if (t instanceof SSLException && !(t.getCause() instanceof SocketException) && sentBytes == 0) {
                return Failure.NOT_TRUSTED;
            }
        }
        return Failure.CUT;
    }

    /**
     * Takes up the final answer to a request, whenever it comes, and no more of its body than is wanted. Informational answers
     * ({@code 100 Continue} and the like) may come at any time and any number of times, since gateways pass on a server's own and
     * send theirs beside it; they say nothing.
     */
    private final class AnswerReader implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
        /** Whether all of it came, once what is wanted of it did; or the failure that came instead. */
        private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        /** Reaches zero when the connection is done with the exchange and may be used for the next. */
        private final CountDownLatch released = new CountDownLatch(1);

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private volatile Optional<HttpResponse> head = Optional.empty();
        private volatile boolean encrypted;

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            // only a final status is an answer
        }

        @Override
        public void consumeResponse(
                HttpResponse response, EntityDetails entity, HttpContext context, FutureCallback<Void> ignored) {
            encrypted = HttpCoreContext.cast(context).getSSLSession() != null;
            head = Optional.of(response);
            if (entity == null) {
                answer.complete(true);
            }
        }

        @Override
        public void updateCapacity(CapacityChannel capacity) throws IOException {
            capacity.update(Integer.MAX_VALUE);
        }

        @Override
        public void consume(ByteBuffer source) {
            int kept = request.bytesOf(head.orElseThrow().getCode());
            byte[] some = new byte[Math.min(source.remaining(), kept - body.size())];
            source.get(some);
            body.writeBytes(some);
            if (source.hasRemaining()) {
                source.position(source.limit());
                answer.complete(false);
            }
        }

        @Override
        public void streamEnd(List<? extends org.apache.hc.core5.http.Header> trailers) {
            answer.complete(true);
        }

        /** A status that has come is an answer, however its body ends. */
        @Override
        public void failed(Exception cause) {
            if (head.isPresent()) {
                answer.complete(false);
            } else {
                answer.completeExceptionally(cause);
            }
        }

        @Override
        public void completed(Void nothing) {
            // is known already
        }

        @Override
        public void cancelled() {
            failed(new CancellationException());
        }

        @Override
        public void releaseResources() {
            released.countDown();
        }
    }
}
