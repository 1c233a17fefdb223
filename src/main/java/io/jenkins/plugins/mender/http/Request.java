package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
public record Request(String method, URI uri, List<Header> headers, Body body, boolean expectContinue, int answerBytes)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** How much is kept of an answer that is no success, in bytes; and of all for which nothing else is said. */
    public static final int ERROR_BYTES = 64 * 1024;

    public Request {
        headers = new ArrayList<>(headers);
    }

    /** Creates a request of whose answer no more than {@value #ERROR_BYTES} bytes are kept. */
    public Request(String method, URI uri, List<Header> headers, Body body, boolean expectContinue) {
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

    /** {@return whether it is for an encrypted connection} */
    boolean isSecure() {
        return uri.getScheme().equalsIgnoreCase("https");
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

    /**
     * One header line of a request or of an answer.
     *
     * @param name the header's name, never null; names are compared ignoring case
     * @param value the header's value, never null; a secret when the name is {@code Authorization}
     */
    public record Header(String name, String value) implements Serializable {
        private static final long serialVersionUID = 1;

        public Header {
            Objects.requireNonNull(name, "a header without a name");
            Objects.requireNonNull(value, "a header without a value");
        }

        /** {@return whether the value is a secret: that of {@code Authorization}} */
        boolean isSecret() {
            return name.equalsIgnoreCase("Authorization");
        }

        /** The name alone: a value can be a secret, and strings of travelling objects end up in logs. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** What a request carries besides its headers. */
    public sealed interface Body extends Serializable {

        /** No content. A POST says {@code Content-Length: 0}. */
        record None() implements Body {
            private static final long serialVersionUID = 1;
        }

        /**
         * A JSON document.
         *
         * @param text the document, never null
         */
        record Json(String text) implements Body {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                return "JSON";
            }
        }

        /**
         * A {@code multipart/form-data} body: text fields in their order, then a file that lies where the exchange is made.
         * Mender Server ignores every part that follows the file.
         *
         * @param fields the text fields that come before the file, never null
         * @param partName name of the file's part, never null
         * @param fileName name that the part announces; ASCII letters, digits, dots, hyphens and underscores
         * @param path absolute path of the file on the machine that makes the exchange, never null
         * @param size the file's size in bytes; an exchange fails when the file turns out to be shorter or longer
         */
        record FileUpload(List<Field> fields, String partName, String fileName, String path, long size)
                implements Body {
            private static final long serialVersionUID = 1;

            public FileUpload {
                fields = new ArrayList<>(fields);
            }
        }

        /**
         * A text field of a {@link FileUpload}.
         *
         * @param name the part's name, never null
         * @param value its text, sent as UTF-8, never null
         */
        record Field(String name, String value) implements Serializable {
            private static final long serialVersionUID = 1;
        }
    }
}
