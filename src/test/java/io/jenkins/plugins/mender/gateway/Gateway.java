package io.jenkins.plugins.mender.gateway;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands before Mender Servers, or on the way to them. */
enum Gateway {
    /** nginx as it is unless told otherwise: it takes the whole request before it passes it on. */
    NGINX("nginx", "nginx.conf", List.of("-e", "stderr", "-p", "@folder@", "-c", "@config@")),
    /** nginx that passes on what comes as it comes. */
    NGINX_UNBUFFERED("nginx", "nginx.conf", NGINX.arguments),
    HAPROXY("haproxy", "haproxy.cfg", List.of("-db", "-f", "@config@")),
    APACHE("apache2", "apache2.conf", List.of("-D", "FOREGROUND", "-f", "@config@")),
    CADDY("caddy", "Caddyfile", List.of("run", "--config", "@config@", "--adapter", "caddyfile")),
    /** The services' own gateway behind one that spreads the load. */
    HAPROXY_BEFORE_CADDY("haproxy", "haproxy.cfg", HAPROXY.arguments),
    /** The proxy of a company, between the build and the rest of the world. */
    SQUID("squid", "squid.conf", List.of("-N", "-f", "@config@"));

    /** Those that stand before a server. */
    static final List<Gateway> REVERSE = List.of(NGINX, NGINX_UNBUFFERED, HAPROXY, APACHE, CADDY, HAPROXY_BEFORE_CADDY);

    final String program;
    final String template;
    final List<String> arguments;

    Gateway(String program, String template, List<String> arguments) {
        this.program = program;
        this.template = template;
        this.arguments = arguments;
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
