package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine's environment and its JVM say of a proxy. */
class MachineProxyTest {
    private static final URI SERVER = URI.create("https://mender.example.com/api");

    private static String proxy(Map<String, String> environment, Properties properties, URI target) {
        return new MachineProxy(environment, properties)
                .towards(target)
                .map(ProxySettings::toString)
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "https_proxy, http://proxy:3128, proxy:3128",
        "HTTPS_PROXY, http://proxy:3128/, proxy:3128",
        "https_proxy, proxy:8080, proxy:8080",
        "all_proxy, http://proxy:3128, proxy:3128",
        "https_proxy, http://[::1]:3128, [::1]:3128",
        "http_proxy, http://proxy:3128, none",
        "https_proxy, socks5://proxy:1080, none",
        "https_proxy, not a proxy, none",
        "https_proxy, ' ', none",
    })
    void variables(String name, String value, String proxy) {
        assertThat(proxy(Map.of(name, value), new Properties(), SERVER), is(proxy));
    }

    @Test
    void aLoginIsTakenAlong() {
        ProxySettings proxy = new MachineProxy(
                        Map.of("https_proxy", "http://ci%40corp:p%3Aw+1@proxy:3128"), new Properties())
                .towards(SERVER)
                .orElseThrow();
        assertThat(proxy.user(), is("ci@corp"));
        assertThat(proxy.password(), is("p:w+1"));
        assertThat(proxy.toString(), is("proxy:3128"));
    }

    @ParameterizedTest
    @CsvSource({
        "mender.example.com, none",
        "example.com, none",
        ".example.com, none",
        "*.example.com, none",
        "'localhost, EXAMPLE.com', none",
        "mender.example.com:443, none",
        "*, none",
        "ample.com, proxy:3128",
        "mender.example.com:8443, proxy:3128",
        "'', proxy:3128",
    })
    void exceptions(String noProxy, String proxy) {
        Map<String, String> environment = new TreeMap<>(Map.of("https_proxy", "http://proxy:3128"));
        for (String name : new String[] {"no_proxy", "NO_PROXY"}) {
            environment.keySet().retainAll(java.util.Set.of("https_proxy"));
            environment.put(name, noProxy);
            assertThat(proxy(environment, new Properties(), SERVER), is(proxy));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https.proxyHost, '', proxy:3128",
        "https.proxyHost, 'localhost|*.example.com', none",
        "https.proxyHost, 'other', proxy:3128",
        "http.proxyHost, '', none",
    })
    void propertiesOfTheJvm(String name, String except, String proxy) {
        Properties properties = new Properties();
        properties.setProperty(name, "proxy");
        properties.setProperty(name.replace("Host", "Port"), "3128");
        properties.setProperty("http.nonProxyHosts", except);
        assertThat(proxy(Map.of(), properties, SERVER), is(proxy));
        assertThat(proxy(Map.of("https_proxy", "http://other:1"), properties, SERVER), is("other:1"));
    }
}
