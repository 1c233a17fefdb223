package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One HTTP request, complete with everything a {@link Transport} needs to send it from this machine or from another.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
 * @param uri the absolute address, {@code http} or {@code https}
 * @param headers header lines, among them the secret {@code Authorization}
 * @param body the content, never null
 * @param expectContinue whether to ask for the server's consent ({@code Expect: 100-continue}) before a body is sent, so
 *     that a refused token does not cost a whole upload
 * @param answerBytes how much to keep of the body of an answer of success, in bytes; of others it is {@value #ERROR_BYTES}
 */
public record Request(
        String method, URI uri, List<Header> headers, RequestBody body, boolean expectContinue, int answerBytes)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** How much is kept of an answer that is no success, in bytes; and of all for which nothing else is said. */
    public static final int ERROR_BYTES = 64 * 1024;

    public Request {
        headers = new ArrayList<>(headers);
    }

    /** Creates a request of whose answer no more than {@value #ERROR_BYTES} bytes are kept. */
    public Request(String method, URI uri, List<Header> headers, RequestBody body, boolean expectContinue) {
        this(method, uri, headers, body, expectContinue, ERROR_BYTES);
    }

    /**
     * Method and address without headers: remoting keeps the string form of what it carries, the token stays out. So does
     * the query, which in a link to a storage is as good as a key.
     */
    @Override
    public String toString() {
        String address = uri.toString();
        int query = address.indexOf('?');
        return method + ' ' + (query < 0 ? address : address.substring(0, query));
    }

    /** {@return the same request, sent without asking for consent first} */
    public Request withoutExpectContinue() {
        return new Request(method, uri, headers, body, false, answerBytes);
    }

    /** {@return the same request, of whose answer up to so many bytes are kept} */
    public Request keeping(int bytes) {
        return new Request(method, uri, headers, body, expectContinue, bytes);
    }

    /** {@return the headers of an answer that somebody reads, those among them that a server echoes; others do not travel} */
    List<String> answerHeaders() {
        return Stream.concat(
                        Stream.of("Content-Type", "Link", "Location", "Retry-After"),
                        headers.stream().filter(header -> !header.isSecret()).map(Header::name))
                .toList();
    }

    /** {@return how much to keep of the body of an answer of that status, in bytes} */
    int bytesOf(int status) {
        return Response.isSuccess(status) ? answerBytes : ERROR_BYTES;
    }
}
