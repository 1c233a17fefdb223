package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.Request.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/**
 * Takes up the final answer to a request, whenever it comes, and no more of its body than is wanted. Informational answers
 * ({@code 100 Continue} and the like) may come at any time and any number of times, since gateways pass on a server's own and
 * send theirs beside it; they say nothing.
 */
final class AnswerReader implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
    private final Request request;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private volatile Optional<HttpResponse> head = Optional.empty();
    private volatile boolean encrypted;

    /**
     * An answer.
     *
     * @param status HTTP status code
     * @param reason the status line's reason phrase, possibly empty
     * @param headers its header lines
     * @param body the begin of its body
     * @param whole whether that is all of it
     * @param encrypted whether it came over an encrypted connection
     */
    record Answer(int status, String reason, List<Header> headers, byte[] body, boolean whole, boolean encrypted) {}

    /**
     * Creates the reader.
     *
     * @param request what is answered
     */
    AnswerReader(Request request) {
        this.request = request;
    }

    /** {@return the answer, or the failure that came instead} */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** {@return reaches zero when the connection is done with the exchange and may be used for the next} */
    CountDownLatch released() {
        return released;
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // only a final status is an answer
    }

    @Override
    public void consumeResponse(
            HttpResponse response, EntityDetails entity, HttpContext context, FutureCallback<Void> ignored) {
        head = Optional.of(response);
        encrypted = HttpCoreContext.cast(context).getSSLSession() != null;
        if (entity == null) {
            finish(response, true);
        }
    }

    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        capacity.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer source) {
        head.ifPresent(response -> {
            byte[] some = new byte[Math.min(source.remaining(), request.bytesOf(response.getCode()) - body.size())];
            source.get(some);
            body.writeBytes(some);
            if (source.hasRemaining()) {
                source.position(source.limit());
                finish(response, false);
            }
        });
    }

    @Override
    public void streamEnd(List<? extends org.apache.hc.core5.http.Header> trailers) {
        head.ifPresent(response -> finish(response, true));
    }

    /** A status that has come is an answer, however its body ends. */
    @Override
    public void failed(Exception cause) {
        head.ifPresentOrElse(response -> finish(response, false), () -> answer.completeExceptionally(cause));
    }

    @Override
    public void completed(Void nothing) {
        // is known already
    }

    @Override
    public void cancelled() {
        failed(new CancellationException());
    }

    private void finish(HttpResponse response, boolean whole) {
        List<Header> headers = new ArrayList<>();
        for (String name : request.answerHeaders()) {
            org.apache.hc.core5.http.Header header = response.getFirstHeader(name);
            if (header != null) {
                headers.add(new Header(name, String.valueOf(header.getValue())));
            }
        }
        answer.complete(new Answer(
                response.getCode(),
                response.getReasonPhrase() == null ? "" : response.getReasonPhrase(),
                headers,
                body.toByteArray(),
                whole,
                encrypted));
    }

    @Override
    public void releaseResources() {
        released.countDown();
    }
}
