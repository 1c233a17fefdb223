package io.jenkins.plugins.mender.http;

/**
 * Sends one request and brings back its answer: the seam between what is said to a Mender Server and where it is said
 * from. An implementation does not judge: it follows no redirect, repeats nothing and returns every status as it came.
 */
@FunctionalInterface
public interface Transport {
    /**
     * Makes one exchange. Blocks until the answer has come.
     *
     * @param request what to send
     * @param listener hears how far a file has come
     * @return the answer of any status
     * @throws TransportException when no answer came; it tells how much was sent
     * @throws InterruptedException when the thread was interrupted; the connection has been closed by then
     */
    Response send(Request request, ExchangeListener listener) throws TransportException, InterruptedException;

    /** Makes one exchange that nobody listens to; see {@link #send(Request, ExchangeListener)}. */
    default Response send(Request request) throws TransportException, InterruptedException {
        return send(request, ExchangeListener.NONE);
    }
}
