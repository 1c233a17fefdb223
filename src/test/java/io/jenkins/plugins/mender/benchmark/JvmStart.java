package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * What of a whole process' time is not the engine's: does nothing, or, given an address, fetches that with HttpClient as it comes
 * and nothing else.
 */
final class JvmStart {
    private JvmStart() {}

    /**
     * Starts, and ends.
     *
     * @param arguments an address, or nothing
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (arguments.length > 0) {
            get(arguments[0]);
        }
    }

    private static void get(String address) throws IOException, GeneralSecurityException {
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create();
        if (address.startsWith("https:")) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(
                    SSLContexts.custom()
                            .loadTrustMaterial(TrustAllStrategy.INSTANCE)
                            .build(),
                    HostnameVerificationPolicy.CLIENT,
                    NoopHostnameVerifier.INSTANCE));
        }
        try (CloseableHttpClient client =
                HttpClients.custom().setConnectionManager(connections.build()).build()) {
            client.execute(new HttpGet(address), response -> response.getCode());
        }
    }
}
