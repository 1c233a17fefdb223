package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.FileBody.UnsendableFileException;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Body.Json;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.methods.ConfigurableHttpRequest;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/** One exchange, made by the client's own thread and watched by the caller's. */
final class WatchedExchange {
    /** How long to wait for the client to be done with an exchange whose answer is whole: it takes microseconds. */
    private static final long END_MILLIS = 1000;

    /** How often the listener hears of a file that is under way. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Connection connection;
    private final ConnectionSettings settings;
    private final Request request;
    private final Transport.Listener listener;
    private final ExchangeProgress progress = new ExchangeProgress();
    private final AnswerReader reader;
    private FileBody file;
    private boolean complete;

    WatchedExchange(Connection connection, ConnectionSettings settings, Request request, Transport.Listener listener) {
        this.connection = connection;
        this.settings = settings;
        this.request = request;
        this.listener = listener;
        this.reader = new AnswerReader(request);
    }

    Response run() throws TransportException, InterruptedException {
        begin(new BasicRequestProducer(head(), body()));
        try {
            AnswerReader.Answer answer = await();
            connection.route().judge(answer.status(), redaction().apply(answer.reason()), answer.encrypted());
            complete = answer.whole()
                    && (file == null || progress.isWholeBodySent())
                    && reader.released().await(END_MILLIS, TimeUnit.MILLISECONDS);
            return new Response(
                    answer.status(),
                    answer.reason(),
                    answer.headers(),
                    answer.body(),
                    !answer.whole(),
                    progress.sentBytes(),
                    file == null ? "" : file.sha256());
        } catch (ExecutionException e) {
            throw connection.route().judge(failure(e.getCause()));
        }
    }

    /** What neither the server nor the proxy may repeat: the token, and the proxy's password. */
    private Redaction redaction() {
        return Redaction.of(request)
                .and(settings.proxy() == null ? new String[0] : settings.proxy().secrets());
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
    private void begin(AsyncRequestProducer producer) {
        Thread beginning = new Thread(
                () -> {
                    try {
                        connection.begin(producer, reader);
                    } catch (RuntimeException e) {
                        reader.failed(e);
                    }
                },
                "Mender exchange with " + request.uri().getHost());
        beginning.setDaemon(true);
        beginning.start();
    }

    private AnswerReader.Answer await() throws TransportException, InterruptedException, ExecutionException {
        while (true) {
            try {
                return reader.answer().get(Math.min(TELL_NANOS, progress.nanosLeft(settings)), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (file != null) {
                    listener.at(progress.sentBytes(), progress.isWholeBodySent());
                }
                if (progress.isOverdue(settings)) {
                    throw failure(progress.isWholeBodySent() ? Failure.NO_ANSWER : Failure.STALLED, "");
                }
            }
        }
    }

    private ConfigurableHttpRequest head() {
        ConfigurableHttpRequest head = new ConfigurableHttpRequest(request.method(), request.uri());
        request.headers().forEach(header -> head.addHeader(new UnloggedHeader(header)));
        head.setConfig(RequestConfig.custom()
                .setExpectContinueEnabled(request.expectContinue())
                .setConnectionRequestTimeout(org.apache.hc.core5.util.Timeout.of(settings.connectTimeout()))
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

    private AsyncEntityProducer body() {
        if (request.body() instanceof Json json) {
            return new StringAsyncEntityProducer(json.text(), ContentType.APPLICATION_JSON);
        }
        if (request.body() instanceof FileUpload upload) {
            file = new FileBody(upload, progress);
        }
        return file;
    }

    private TransportException failure(Throwable cause) {
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return RefusedCertificateException.problemOf(cause)
                .map(problem -> new TransportException(problem, printable(detail)))
                .orElseGet(() -> failure(kindOf(cause), detail));
    }

    private String printable(String detail) {
        return redaction().line(detail, 500);
    }

    private TransportException failure(Failure kind, String detail) {
        return new TransportException(kind, printable(detail), progress.sentBytes(), progress.isWholeBodySent());
    }

    private Failure kindOf(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnsendableFileException) {
                return Failure.FILE;
            }
            if (t instanceof UnknownHostException) {
                return Failure.UNKNOWN_HOST;
            }
            if (isConnectFailure(t)) {
                return Failure.NOT_CONNECTED;
            }
            if (t instanceof SSLException && !(t.getCause() instanceof SocketException) && progress.sentBytes() == 0) {
                return Failure.NOT_TRUSTED;
            }
        }
        return Failure.CUT;
    }

    private static boolean isConnectFailure(Throwable t) {
        return t instanceof java.net.ConnectException
                || t instanceof java.net.NoRouteToHostException
                || t instanceof org.apache.hc.client5.http.ConnectTimeoutException;
    }
}
