package io.jenkins.plugins.mender.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.mender.upload.Credential.BearerToken;
import io.jenkins.plugins.mender.upload.TokenValidity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.Symbol;

/**
 * Tells administrators of configured servers whose token has expired or soon will, and of tokens that could not be renewed. It looks at no
 * other credentials.
 */
@Extension
@Symbol("menderExpiringTokens")
public final class ExpiringTokens extends AdministrativeMonitor {
    private static final Duration NOTICE = Duration.ofDays(30);

    @Override
    public String getDisplayName() {
        return Messages.ExpiringTokens_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty() || !getLines().isEmpty();
    }

    /** {@return a line for each token that could not be renewed, or not wholly, with what to do} */
    public List<String> getProblems() {
        return TokenCare.get().problems();
    }

    /** {@return a line for each server whose token has expired or soon will} */
    public List<String> getLines() {
        List<String> lines = new ArrayList<>();
        Instant now = Instant.now();
        for (ConfiguredServer server : MenderConfiguration.get().getServers()) {
            token(server)
                    .map(token -> TokenValidity.of(token.secret(), now))
                    .filter(validity -> validity.endsWithin(NOTICE))
                    .map(validity ->
                            Messages.ExpiringTokens_one(server.getName(), server.getCredentialsId(), validity.text()))
                    .ifPresent(lines::add);
        }
        return lines;
    }

    private static Optional<BearerToken> token(ConfiguredServer server) {
        if (server.getCredentialsId() == null) {
            return Optional.empty();
        }
        return ServerCredentials.lookUp(server.getCredentialsId(), ServerCredentials.requirements(server.getUrl()))
                .flatMap(ServerCredentials::read)
                .filter(BearerToken.class::isInstance)
                .map(BearerToken.class::cast);
    }
}
