package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.mender.http.FileBody.Checksums;
import io.jenkins.plugins.mender.http.Request.Body.Field;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent of a file, and its checksum, which another thread takes meanwhile. */
@Timeout(60)
class FileBodyTest {
    private static final int SEVERAL_ROUNDS_OF_BUFFERS = 20 * FileBody.BUFFER_BYTES + 1;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[SEVERAL_ROUNDS_OF_BUFFERS];
    private final Network network = new Network();
    private Path file;
    private long sentBytes;
    private boolean wholeBodySent;

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("release.mender"), content);
    }

    @Test
    void theFileAndItsChecksumAreThoseOfTheFileHoweverLittleTheNetworkTakes() throws Exception {
        network.takes = 10_007;
        FileBody body = body();
        while (!network.ended) {
            body.produce(network);
        }
        byte[] sent = network.out.toByteArray();
        assertThat((long) sent.length, is(body.getContentLength()));
        String text = new String(sent, StandardCharsets.ISO_8859_1);
        assertThat(text.contains(new String(content, StandardCharsets.ISO_8859_1)), is(true));
        assertThat(text, startsWith("--"));
        assertThat(text, endsWith("--\r\n"));
        assertThat(body.checksums(), is(checksums()));
        assertThat(sentBytes, is((long) content.length));
        assertThat(wholeBodySent, is(true));
        assertThat(threads(), not(hasItem("Mender checksum")));
    }

    @Test
    void aConnectionThatBreaksLeavesNoChecksumAndNoThread() throws Exception {
        FileBody body = body();
        while (network.out.size() < content.length / 2) {
            body.produce(network);
        }
        network.broken = true;
        body.produce(network);
        assertThat(body.available(), is(0));
        body.failed(new IOException("broken"));
        assertThat(body.checksums(), is(new Checksums("", "")));
        assertThat(threads(), not(hasItem("Mender checksum")));
    }

    @Test
    void afterAProxyHasAskedForALoginTheFileIsSentFromItsBegin() throws Exception {
        FileBody body = body();
        while (network.out.size() < content.length / 2) {
            body.produce(network);
        }
        body.releaseResources();
        network.out.reset();
        while (!network.ended) {
            body.produce(network);
        }
        assertThat((long) network.out.size(), is(body.getContentLength()));
        assertThat(body.checksums(), is(checksums()));
    }

    /** Takes so many bytes at a time, until it breaks. */
    private static final class Network implements DataStreamChannel {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int takes = Integer.MAX_VALUE;
        private boolean broken;
        private boolean ended;

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (broken) {
                throw new IOException("broken");
            }
            byte[] some = new byte[Math.min(takes, source.remaining())];
            source.get(some);
            out.write(some);
            return some.length;
        }

        @Override
        public void requestOutput() {
            // is asked for as long as it has not ended
        }

        @Override
        public void endStream(List<? extends Header> trailers) {
            ended = true;
        }

        @Override
        public void endStream() {
            ended = true;
        }
    }

    private FileBody body() {
        FileUpload upload = new FileUpload(
                List.of(new Field("description", "für alle")),
                "artifact",
                "release.mender",
                file.toString(),
                content.length);
        return new FileBody(upload, () -> false, (sent, whole) -> {
            sentBytes = sent;
            wholeBodySent = whole;
        });
    }

    private Checksums checksums() throws NoSuchAlgorithmException {
        HexFormat hex = HexFormat.of();
        return new Checksums(
                hex.formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
                hex.formatHex(MessageDigest.getInstance("MD5").digest(content)));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
