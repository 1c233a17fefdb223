package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.FilePart.UnsendableFileException;
import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import io.jenkins.plugins.mender.api.RequestBody.Json;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * One exchange, made by a thread of its own and watched by the caller's. A blocked write heeds neither an interrupt nor a
 * response timeout; only closing the connection from outside ends it.
 */
final class WatchedExchange {
    /** How long to wait for the thread of a cancelled exchange; closing the connection ends it within milliseconds. */
    private static final long END_MILLIS = 1000;

    /** How often the listener hears of a file that is under way. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int READ_BYTES = 16 * 1024;

    private final CloseableHttpClient client;
    private final ConnectionSettings settings;
    private final ApiRequest request;
    private final HttpUriRequestBase message;
    private final ExchangeListener listener;
    private final ExchangeProgress progress = new ExchangeProgress();
    private FilePart filePart;
    private volatile boolean complete;

    WatchedExchange(
            CloseableHttpClient client, ConnectionSettings settings, ApiRequest request, ExchangeListener listener) {
        this.client = client;
        this.settings = settings;
        this.request = request;
        this.listener = listener;
        this.message = new HttpUriRequestBase(request.method(), request.uri());
    }

    ApiResponse run() throws TransportException, InterruptedException {
        prepare();
        FutureTask<ApiResponse> exchange = new FutureTask<>(this::exchange);
        Thread worker =
                new Thread(exchange, "Mender exchange with " + request.uri().getHost());
        worker.setDaemon(true);
        worker.start();
        try {
            return await(exchange);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            message.cancel();
            worker.join(END_MILLIS);
        }
    }

    /** {@return whether the request went out and the answer came in, both whole, so that the connection may serve again} */
    boolean isComplete() {
        return complete;
    }

    private ApiResponse await(FutureTask<ApiResponse> exchange)
            throws TransportException, InterruptedException, ExecutionException {
        while (true) {
            try {
                return exchange.get(Math.min(TELL_NANOS, progress.nanosLeft(settings)), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (filePart != null) {
                    listener.at(progress.sentBytes(), progress.isWholeBodySent());
                }
                if (progress.isOverdue(settings)) {
                    throw failure(progress.isWholeBodySent() ? Failure.NO_ANSWER : Failure.STALLED, "");
                }
            }
        }
    }

    private void prepare() {
        request.headers().forEach(header -> message.addHeader(header.name(), header.value()));
        message.setConfig(RequestConfig.custom()
                .setExpectContinueEnabled(request.expectContinue())
                .setRedirectsEnabled(false)
                .setProtocolUpgradeEnabled(false) // else plain requests ask the server, or a proxy, to switch to TLS
                .build());
        if (request.body() instanceof Json json) {
            message.setEntity(new StringEntity(json.text(), ContentType.APPLICATION_JSON));
        } else if (request.body() instanceof FileUpload upload) {
            filePart = new FilePart(upload, progress);
            message.setEntity(MultipartBody.of(upload, filePart, progress));
        }
    }

    private ApiResponse exchange() throws IOException {
        ClassicHttpResponse response = client.executeOpen(null, message, null);
        try {
            ApiResponse answer = read(response);
            complete = !answer.truncated() && (filePart == null || progress.isWholeBodySent());
            return answer;
        } finally {
            if (!complete) {
                message.cancel(); // else closing the answer reads the rest of it
            }
            closeQuietly(response);
        }
    }

    private ApiResponse read(ClassicHttpResponse response) {
        List<Header> headers = new ArrayList<>();
        for (org.apache.hc.core5.http.Header header : response.getHeaders()) {
            headers.add(new Header(header.getName(), String.valueOf(header.getValue())));
        }
        int bound = request.bytesOf(response.getCode());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean whole = false;
        HttpEntity entity = response.getEntity();
        try {
            InputStream in = entity == null ? InputStream.nullInputStream() : entity.getContent();
            byte[] buffer = new byte[Math.min(bound, READ_BYTES)];
            int read = 0;
            while (read >= 0 && body.size() < bound) {
                body.write(buffer, 0, read);
                read = in.read(buffer, 0, Math.min(buffer.length, bound - body.size()));
            }
            whole = read < 0 || in.read() < 0;
        } catch (IOException e) {
            // the status has come, and it is what counts; the body is as long as it is
        }
        return new ApiResponse(
                response.getCode(),
                response.getReasonPhrase() == null ? "" : response.getReasonPhrase(),
                headers,
                body.toByteArray(),
                !whole,
                progress.sentBytes(),
                filePart == null ? "" : filePart.sha256());
    }

    private static void closeQuietly(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            // all that was wanted of it has been read
        }
    }

    private TransportException failure(Throwable cause) {
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return failure(kindOf(cause), detail);
    }

    private TransportException failure(Failure kind, String detail) {
        return new TransportException(
                kind,
                PlainText.oneLine(Redaction.of(request).apply(detail), 500),
                progress.sentBytes(),
                progress.isWholeBodySent());
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
