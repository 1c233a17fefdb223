package io.jenkins.plugins.mender.gateway;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands between builds and Mender Servers: a program, and how it is run from a template of the test resources. */
enum Gateway {
    /** nginx as it is unless told otherwise: it takes the whole request before it passes it on. */
    NGINX("nginx", "nginx.conf", List.of("-e", "stderr", "-p", "@folder@", "-c", "@config@"), null),
    /** nginx that passes on what comes as it comes. */
    NGINX_UNBUFFERED("nginx", "nginx.conf", NGINX.arguments, null),
    HAPROXY("haproxy", "haproxy.cfg", List.of("-db", "-f", "@config@"), null),
    APACHE("apache2", "apache2.conf", List.of("-D", "FOREGROUND", "-f", "@config@"), null),
    CADDY("caddy", "Caddyfile", List.of("run", "--config", "@config@", "--adapter", "caddyfile"), null),
    /** A load balancer before the services' own gateway. */
    HAPROXY_BEFORE_CADDY("haproxy", "haproxy.cfg", HAPROXY.arguments, CADDY),
    /** A company's way out, which wants a login; behind it a server with a gateway. */
    SQUID("squid", "squid.conf", List.of("-N", "-f", "@config@"), CADDY);

    final String program;
    final String template;
    final List<String> arguments;

    /** What stands behind this one, or null. */
    final Gateway next;

    Gateway(String program, String template, List<String> arguments, Gateway next) {
        this.program = program;
        this.template = template;
        this.arguments = arguments;
        this.next = next;
    }

    /** {@return the installed program; daemons are not on the path of everybody} */
    Optional<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/local/sbin:/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
