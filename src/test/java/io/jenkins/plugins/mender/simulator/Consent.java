package io.jenkins.plugins.mender.simulator;

import java.io.IOException;
import java.util.function.BiFunction;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.HttpFilterChain;
import org.apache.hc.core5.http.io.HttpFilterHandler;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Answers {@code Expect: 100-continue} as services written in Go do: with consent once the service begins to read the body, and
 * not before. An answer that comes without the body having been read ends the connection.
 */
final class Consent implements HttpFilterHandler {
    private final BiFunction<ClassicHttpRequest, Boolean, ClassicHttpResponse> refusal;

    /**
     * Creates the filter.
     *
     * @param refusal the answer that refuses a request before its body is read, or null for consent; is told of each request, and
     *     whether it asks for consent
     */
    Consent(BiFunction<ClassicHttpRequest, Boolean, ClassicHttpResponse> refusal) {
        this.refusal = refusal;
    }

    @Override
    public void handle(
            ClassicHttpRequest request,
            HttpFilterChain.ResponseTrigger trigger,
            HttpContext context,
            HttpFilterChain chain)
            throws HttpException, IOException {
        Header expect = request.getFirstHeader(HttpHeaders.EXPECT);
        boolean asks = expect != null && expect.getValue().equalsIgnoreCase("100-continue");
        HttpFilterChain.ResponseTrigger answering = trigger;
        if (request.getEntity() != null) {
            ReadBody body = new ReadBody(
                    request.getEntity(),
                    asks ? () -> trigger.sendInformation(new BasicClassicHttpResponse(100)) : null);
            request.setEntity(body);
            answering = new Answering(trigger, body);
        }
        ClassicHttpResponse refused = refusal.apply(request, asks);
        if (refused != null) {
            answering.submitResponse(refused);
        } else {
            chain.proceed(request, answering, context);
        }
    }

    /** Answers, and says so when that is the end of the connection. */
    private record Answering(HttpFilterChain.ResponseTrigger trigger, ReadBody body)
            implements HttpFilterChain.ResponseTrigger {
        @Override
        public void sendInformation(ClassicHttpResponse response) throws HttpException, IOException {
            trigger.sendInformation(response);
        }

        @Override
        public void submitResponse(ClassicHttpResponse response) throws HttpException, IOException {
            if (!body.isOut()) {
                response.setHeader(HttpHeaders.CONNECTION, "close");
            }
            trigger.submitResponse(response);
        }
    }
}
