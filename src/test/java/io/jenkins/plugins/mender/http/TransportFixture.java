package io.jenkins.plugins.mender.http;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Request.Body.Field;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Exchanges of {@link LocalTransport} as tests make them. */
final class TransportFixture {
    /** The token that every request carries. */
    static final String SECRET = "secret-token-of-this-test";

    /** More bytes than the buffers between two processes take. */
    static final int BIG = 32 * 1024 * 1024;

    private final Path folder;

    TransportFixture(Path folder) {
        this.folder = folder;
    }

    static Response send(ConnectionSettings settings, Request request) throws Exception {
        return new LocalTransport(settings).send(request);
    }

    static TransportException failure(ConnectionSettings settings, Request request) {
        return assertThrows(TransportException.class, () -> send(settings, request));
    }

    /** {@return the upload of a file of zeros, which is named after its size} */
    Request upload(RawServer server, long size) throws IOException {
        Path file = folder.resolve(size + ".mender");
        try (RandomAccessFile zeros = new RandomAccessFile(file.toFile(), "rw")) {
            zeros.setLength(size);
        }
        FileUpload body = new FileUpload(
                List.of(new Field("size", String.valueOf(size))), "artifact", "release.mender", file.toString(), size);
        return new Request("POST", URI.create(server.url() + "/upload"), headers(), body, true);
    }

    static Request get(RawServer server) {
        return get(server.url());
    }

    static Request get(String url) {
        return new Request("GET", URI.create(url + "/"), headers(), new Request.Body.None(), false);
    }

    private static List<Header> headers() {
        return List.of(new Header("Authorization", "Bearer " + SECRET));
    }
}
