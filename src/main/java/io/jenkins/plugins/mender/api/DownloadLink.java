package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A link to an Artifact's file in the storage of a server: {@code {"uri": …, "expire": …, "method": "GET"}}. Whoever has it
 * may read the file, so it is a secret; the storage is somebody else than the server, so it gets nothing but the link.
 */
final class DownloadLink {
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int PARTIAL_CONTENT = 206;
    private static final int OK = 200;

    /** Null when the answer had no link that can be followed. */
    private final URI uri;

    private DownloadLink(URI uri) {
        this.uri = uri;
    }

    /** Reads an answer. A link that cannot be followed is told of when it is to be: an error here would repeat it. */
    static DownloadLink of(Response response) {
        try {
            JsonNode link = Json.parse(response.content()).path("uri");
            URI uri = new URI(link.isTextual() ? link.asText() : "");
            boolean followable = uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && uri.getPort() <= 65535
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null;
            return new DownloadLink(followable ? uri : null);
        } catch (URISyntaxException | IllegalArgumentException e) {
            return new DownloadLink(null);
        }
    }

    /**
     * Reads the begin of the file. A storage that does not know ranges sends all of it; then the connection is closed after
     * the begin.
     *
     * @throws StorageException when it cannot be read
     */
    byte[] beginning(Transport transport, int bytes) throws StorageException, InterruptedException {
        if (uri == null) {
            throw StorageException.unusableLink();
        }
        List<Header> range = List.of(new Header("Range", "bytes=0-" + (bytes - 1)));
        try {
            Request request = new Request("GET", uri, range, new Request.Body.None(), false);
            Response response = transport.send(request.keeping(bytes));
            if (response.status() != PARTIAL_CONTENT && response.status() != OK) {
                throw StorageException.refused(storage(), response.status());
            }
            return response.content();
        } catch (TransportException e) {
            throw StorageException.unanswered(storage(), e);
        }
    }

    /** {@return the address of the storage, without what makes the link a secret} */
    private String storage() {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** Says that this is a link, and not which. */
    @Override
    public String toString() {
        return "DownloadLink";
    }
}
