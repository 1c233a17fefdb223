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
    Response send(Request request, Listener listener) throws TransportException, InterruptedException;

    /** Makes one exchange that nobody listens to; see {@link #send(Request, Listener)}. */
    default Response send(Request request) throws TransportException, InterruptedException {
        return send(request, Listener.NONE);
    }

    /** Hears how far an exchange that carries a file has come, about every five seconds. */
    @FunctionalInterface
    interface Listener {
        /** Hears and does nothing. */
        Listener NONE = (sentBytes, wholeBodySent) -> {};

        /**
         * Tells how far it is; called again and again while the exchange lasts, also when nothing has moved. It must return soon.
         *
         * @param sentBytes bytes of the file that went out
         * @param wholeBodySent whether everything went out, and the server's answer is all that is missing
         */
        void at(long sentBytes, boolean wholeBodySent);
    }
}
