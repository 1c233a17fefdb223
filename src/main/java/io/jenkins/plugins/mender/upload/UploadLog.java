package io.jenkins.plugins.mender.upload;

import java.net.URI;

/** Where an upload tells what it does, line by line. */
public interface UploadLog {
    /**
     * Writes one line.
     *
     * @param line the text without a line end
     */
    void line(String line);

    /**
     * Makes an address fit for a line, where it can be followed if the log is able to.
     *
     * @param url the address
     * @return the text to put into a line
     */
    default String link(URI url) {
        return url.toString();
    }
}
