package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadLog;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.util.List;

/**
 * The plugin's engine: everything that a build step does but Jenkins.
 *
 * @param url where to upload
 * @param token whose right to upload it is
 */
record Engine(String url, String token) {

    /** Uploads files in one step and {@return how many} Says why on standard error when it fails. */
    int upload(List<ArtifactFile> files) throws InterruptedException {
        UploadLog log = line -> {};
        UploadOptions options = UploadOptions.defaults();
        try {
            UploadSession session = UploadSession.open(
                    new LocalTransport(ConnectionSettings.defaults().withoutCertificateCheck()),
                    MenderServer.parse(url),
                    new Credential.BearerToken("mender-pat", token),
                    options,
                    Pacing.real(),
                    log);
            return session.upload(new Preparation(Inspector::local, options, log).prepare(files))
                    .size();
        } catch (UploadFailure e) {
            System.err.println(e.getMessage());
            return 0;
        } catch (InvalidServerUrlException e) {
            throw new IllegalArgumentException(url, e);
        }
    }
}
