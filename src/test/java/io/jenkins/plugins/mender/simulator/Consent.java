package io.jenkins.plugins.mender.simulator;

import java.io.IOException;
import java.util.function.Function;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpFilterChain;
import org.apache.hc.core5.http.io.HttpFilterHandler;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Answers {@code Expect: 100-continue}: consent, or the refusal before any body is read. */
final class Consent implements HttpFilterHandler {
    private final Function<ClassicHttpRequest, ClassicHttpResponse> refusal;

    /**
     * Creates the filter.
     *
     * @param refusal the answer that refuses a request, or null for consent
     */
    Consent(Function<ClassicHttpRequest, ClassicHttpResponse> refusal) {
        this.refusal = refusal;
    }

    @Override
    public void handle(
            ClassicHttpRequest request,
            HttpFilterChain.ResponseTrigger trigger,
            HttpContext context,
            HttpFilterChain chain)
            throws HttpException, IOException {
        Header expect = request.getFirstHeader("Expect");
        if (expect != null && expect.getValue().equalsIgnoreCase("100-continue")) {
            ClassicHttpResponse refused = refusal.apply(request);
            if (refused != null) {
                trigger.submitResponse(refused);
                return;
            }
            trigger.sendInformation(new BasicClassicHttpResponse(100));
        }
        chain.proceed(request, trigger, context);
    }
}
