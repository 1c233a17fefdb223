package io.jenkins.plugins.mender.gateway;

import java.util.stream.Stream;

/**
 * A way to a server.
 *
 * @param gateway what stands on it
 * @param tls whether it is encrypted as far as the last gateway, which holds the certificate
 */
record Way(Gateway gateway, boolean tls) {

    static Stream<Way> all() {
        return Stream.of(Gateway.values())
                .flatMap(gateway -> Stream.of(new Way(gateway, false), new Way(gateway, true)));
    }

    @Override
    public String toString() {
        return gateway + (tls ? " over TLS" : " over plain HTTP");
    }
}
