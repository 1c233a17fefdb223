package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hc.client5.http.entity.mime.AbstractContentBody;
import org.apache.hc.core5.http.ContentType;

/**
 * The file of a multipart body, read from where it lies while it is sent. Its checksum is taken in the same pass. HttpClient's
 * own file part copies 4 KiB at a time, which costs two thirds of the speed; this one copies as much as a socket takes.
 */
final class FilePart extends AbstractContentBody {
    private final FileUpload upload;
    private final ExchangeProgress progress;
    private String sha256 = "";

    FilePart(FileUpload upload, ExchangeProgress progress) {
        super(ContentType.APPLICATION_OCTET_STREAM);
        this.upload = upload;
        this.progress = progress;
    }

    /** {@return SHA-256 of what was sent, lower case hex digits; empty while not everything was} */
    String sha256() {
        return sha256;
    }

    @Override
    public String getFilename() {
        return upload.fileName();
    }

    @Override
    public long getContentLength() {
        return upload.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        long sent = 0;
        try (InputStream in = open();
                BackgroundDigest digest = new BackgroundDigest()) {
            while (sent < upload.size()) {
                byte[] buffer = digest.nextBuffer();
                int read = read(in, buffer, (int) Math.min(buffer.length, upload.size() - sent));
                if (read < 0) {
                    throw new UnsendableFileException("it became shorter while it was being sent");
                }
                digest.update(read);
                out.write(buffer, 0, read);
                sent += read;
                progress.sent(sent);
            }
            if (read(in, new byte[1], 1) >= 0) {
                throw new UnsendableFileException("it became longer while it was being sent");
            }
            sha256 = digest.hex();
        }
    }

    private InputStream open() throws UnsendableFileException {
        try {
            return Files.newInputStream(Path.of(upload.path()));
        } catch (IOException e) {
            throw new UnsendableFileException(e.toString());
        }
    }

    private static int read(InputStream in, byte[] buffer, int length) throws UnsendableFileException {
        try {
            return in.read(buffer, 0, length);
        } catch (IOException e) {
            throw new UnsendableFileException(e.toString());
        }
    }

    /** The file itself is the trouble, not the connection. */
    static final class UnsendableFileException extends IOException {
        private static final long serialVersionUID = 1;

        UnsendableFileException(String message) {
            super(message);
        }
    }
}
