package io.jenkins.plugins.mender.api;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * One HTTP request, complete with everything a {@link Transport} needs to send it from this machine or from another.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
 * @param uri the absolute address, {@code http} or {@code https}
 * @param headers header lines, among them the secret {@code Authorization}
 * @param body the content, never null
 * @param expectContinue whether to ask for the server's consent ({@code Expect: 100-continue}) before a body is sent, so
 *     that a refused token does not cost a whole upload
 */
public record ApiRequest(String method, URI uri, List<Header> headers, RequestBody body, boolean expectContinue)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public ApiRequest {
        headers = new ArrayList<>(headers);
    }

    /** Method and address without headers: remoting keeps the string form of what it carries, the token stays out. */
    @Override
    public String toString() {
        return method + ' ' + uri;
    }

    /** {@return the same request, sent without asking for consent first} */
    public ApiRequest withoutExpectContinue() {
        return new ApiRequest(method, uri, headers, body, false);
    }
}
