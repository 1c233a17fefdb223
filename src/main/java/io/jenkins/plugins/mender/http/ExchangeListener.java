package io.jenkins.plugins.mender.http;

/** Hears how far an exchange that carries a file has come, about once a second. */
@FunctionalInterface
public interface ExchangeListener {
    /** Hears and does nothing. */
    ExchangeListener NONE = (sentBytes, wholeBodySent) -> {};

    /**
     * Tells how far it is; called again and again while the exchange lasts, also when nothing has moved. It must return soon.
     *
     * @param sentBytes bytes of the file that went out
     * @param wholeBodySent whether everything went out, and the server's answer is all that is missing
     */
    void at(long sentBytes, boolean wholeBodySent);
}
