package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent of a file, and its checksum, which another thread takes meanwhile. */
@Timeout(60)
class FilePartTest {
    private static final int SEVERAL_ROUNDS_OF_BUFFERS = 20 * BackgroundDigest.BUFFER_BYTES + 1;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[SEVERAL_ROUNDS_OF_BUFFERS];
    private Path file;

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("release.mender"), content);
    }

    @Test
    void theFileAndItsChecksumAreThoseOfTheFile() throws Exception {
        FilePart part = part();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        part.writeTo(out);
        assertThat(out.toByteArray(), is(content));
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
        assertThat(part.sha256(), is(HexFormat.of().formatHex(sha256)));
        assertThat(threads(), not(hasItem("Mender checksum")));
    }

    @Test
    void aConnectionThatBreaksLeavesNoChecksumAndNoThread() {
        FilePart part = part();
        OutputStream broken = new OutputStream() {
            private int left = SEVERAL_ROUNDS_OF_BUFFERS / 2;

            @Override
            public void write(int oneByte) throws IOException {
                write(new byte[1], 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                left -= length;
                if (left < 0) {
                    throw new IOException("broken");
                }
            }
        };
        assertThrows(IOException.class, () -> part.writeTo(broken));
        assertThat(part.sha256(), is(""));
        assertThat(threads(), not(hasItem("Mender checksum")));
    }

    private FilePart part() {
        FileUpload upload = new FileUpload(List.of(), "artifact", "release.mender", file.toString(), content.length);
        return new FilePart(upload, new ExchangeProgress());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
