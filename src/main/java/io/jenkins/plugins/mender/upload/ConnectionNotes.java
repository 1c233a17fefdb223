package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import java.util.ArrayList;
import java.util.List;

/** What the log says of the way to a server, before the first request takes it. */
public final class ConnectionNotes {
    private ConnectionNotes() {}

    /** {@return lines that name the proxy, if there is one on the way, and warn of what makes the way unsafe} */
    public static List<String> of(MenderServer server, ConnectionSettings settings) {
        List<String> lines = new ArrayList<>();
        settings.proxyFor(server.url().getHost()).ifPresent(proxy -> lines.add(Texts.get("log.throughProxy", proxy)));
        if (settings.skipCertificateCheck() && server.isEncrypted()) {
            lines.add(Texts.get("log.certificateNotChecked", server));
        }
        return lines;
    }
}
