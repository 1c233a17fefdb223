package io.jenkins.plugins.mender.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to one request.
 *
 * @param status the HTTP status
 * @param headers headers besides those of the connection
 * @param contentType the body's type, empty without a body
 * @param body the body's text
 */
public record Reply(int status, Map<String, String> headers, String contentType, String body) {

    /** {@return an answer without a body} */
    public static Reply empty(int status) {
        return new Reply(status, Map.of(), "", "");
    }

    /** {@return an answer with a JSON document} */
    public static Reply json(int status, String document) {
        return new Reply(status, Map.of(), "application/json", document);
    }

    /** {@return Mender's error document; the request id is put in when it is sent} */
    public static Reply error(int status, String words) {
        return json(status, Json.object("error", words).toString());
    }

    /** {@return a web page, as gateways answer} */
    public static Reply html(int status, String title) {
        return new Reply(
                status,
                Map.of(),
                "text/html",
                "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>");
    }

    /** {@return the same answer with one header more} */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, contentType, body);
    }
}
