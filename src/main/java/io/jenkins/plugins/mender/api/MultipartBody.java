package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.RequestBody.Field;
import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A multipart body of known length that tells when it is out. */
final class MultipartBody extends HttpEntityWrapper {
    private static final ContentType TEXT = ContentType.create("text/plain", StandardCharsets.UTF_8);

    private final ExchangeProgress progress;

    private MultipartBody(HttpEntity entity, ExchangeProgress progress) {
        super(entity);
        this.progress = progress;
    }

    static MultipartBody of(FileUpload upload, FilePart file, ExchangeProgress progress) {
        MultipartEntityBuilder builder = MultipartEntityBuilder.create();
        for (Field field : upload.fields()) {
            builder.addTextBody(field.name(), field.value(), TEXT);
        }
        builder.addPart(upload.partName(), file);
        return new MultipartBody(builder.build(), progress);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        super.writeTo(out);
        progress.wholeBodySent();
    }
}
