package io.jenkins.plugins.mender.config;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.PersonalAccessToken;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.TokenRenewal;
import io.jenkins.plugins.mender.api.TokenRenewal.Hindrance;
import io.jenkins.plugins.mender.api.TokenRenewal.Hindrance.Reason;
import io.jenkins.plugins.mender.api.TokenRenewal.Note;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.Credential;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * What is done to the personal access tokens of configured servers: they are listed, created, renewed and revoked, when a user asks
 * for it, and renewed by themselves where a server's setting says so. One act at a time; each that changes something is a line in Jenkins' log
 * with who did it. A file keeps the notes of what is under way, without any token's value.
 */
@Extension
public final class TokenCare {
    /** For how long a token that was replaced stays good: builds under way still hold it. */
    static final Duration GRACE = Duration.ofHours(24);

    /** After that even the old token of what is under way has expired, unless it is one that never does. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(PersonalAccessToken.MOST_DAYS + 1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LIMIT = 200;
    private static final Logger LOGGER = Logger.getLogger(TokenCare.class.getName());
    private static volatile InstantSource clock = InstantSource.system();

    private final StoredTokens stored = new StoredTokens(null);
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();
    private final TokenNotes notes = new TokenNotes();

    /**
     * What a server listed when it was asked last.
     *
     * @param user whose tokens they are: an address, or an id
     * @param tokens the tokens
     * @param time when it was
     */
    record Listed(String user, List<PersonalAccessToken> tokens, Instant time) {}

    /** A server that was opened. */
    private record Opened(ServerAccess access, Transport transport, Token token) {
        MenderApi api() {
            return new MenderApi(transport, access.server(), token);
        }

        @Override
        public String toString() {
            return access.server().toString();
        }
    }

    /** {@return that of this Jenkins} */
    static TokenCare get() {
        return ExtensionList.lookupSingleton(TokenCare.class);
    }

    /** Sets the time that tokens are judged by, for tests. */
    static void follow(InstantSource other) {
        clock = other;
    }

    /** {@return the time that tokens are judged by} */
    static Instant now() {
        return clock.instant();
    }

    /** {@return where tokens are kept} */
    StoredTokens stored() {
        return stored;
    }

    /** {@return what the server listed when it was asked last; empty when it was not asked since Jenkins was started} */
    Optional<Listed> listed(ConfiguredServer server) {
        return Optional.ofNullable(listed.get(key(server)));
    }

    /** {@return what could not be done by itself, a line for each} */
    List<String> problems() {
        return notes.problems();
    }

    /** Another address or other credentials make it another list. */
    private static String key(ConfiguredServer server) {
        return server.getName() + '\n' + server.getUrl() + '\n' + server.getCredentialsId();
    }

    /** {@return when a token that was replaced is going to be revoked; empty when it is not} */
    Optional<Instant> revocation(String tokenId) {
        return notes.all().stream()
                .filter(note -> note.oldId().equals(tokenId) && note.revokeAt() != null)
                .map(Note::revokeAt)
                .findFirst();
    }

    /** {@return the name of a token that is created today, such as {@code jenkins-ci.example.com-2026-11-28}} */
    static String defaultName() {
        return "jenkins-" + host() + LocalDate.ofInstant(now(), ZoneId.systemDefault());
    }

    private static String host() {
        try {
            String host = new URI(Util.fixNull(Jenkins.get().getRootUrl())).getHost();
            return host == null ? "" : host + '-';
        } catch (URISyntaxException e) {
            return "";
        }
    }

    /** Asks a server for the tokens of the user that its credentials belong to. */
    synchronized void list(ConfiguredServer server) throws ConfigurationProblem, InterruptedException {
        list(server, open(server));
    }

    private void list(ConfiguredServer server, Opened opened) throws ConfigurationProblem, InterruptedException {
        try {
            List<PersonalAccessToken> tokens = opened.api().tokens();
            listed.put(key(server), new Listed(user(opened), tokens, now()));
        } catch (ApiError e) {
            throw problem(server, Hindrance.of(e));
        } catch (TransportException e) {
            throw problem(server, Hindrance.of(e));
        }
    }

    private static String user(Opened opened) throws TransportException, InterruptedException {
        try {
            MenderApi.User user = opened.api().me();
            return user.email() == null ? opened.token.userId() : PlainText.oneLine(user.email(), LIMIT);
        } catch (ApiError e) {
            return opened.token.userId(); // a role may be forbidden to ask
        }
    }

    /**
     * Creates a token and puts it into credentials.
     *
     * @param name its name
     * @param days how long it shall live; 0 for ever
     * @param place takes it
     * @param credentials what to call the place in the log
     */
    synchronized void create(
            ConfiguredServer server, String name, int days, TokenRenewal.Place place, String credentials)
            throws ConfigurationProblem, InterruptedException {
        Opened opened = open(server);
        try {
            String id = renewal(server, opened.access).create(opened.token, name, Duration.ofDays(days), place);
            record("created the token " + quoted(name) + " (" + id + ")", server, credentials);
        } catch (Hindrance e) {
            throw problem(server, e);
        }
        listAgain(server);
    }

    /** Renews a token wherever it is kept. */
    synchronized void renew(ConfiguredServer server, String tokenId) throws ConfigurationProblem, InterruptedException {
        ServerAccess access = server.connection();
        try {
            if (notes.isUnderWay(access.server().toString(), tokenId)) {
                throw new ConfigurationProblem(Messages.Tokens_underWay());
            }
            renew(server, access, tokenId);
        } catch (Hindrance e) {
            throw problem(server, e);
        }
        listAgain(server);
    }

    private void renew(ConfiguredServer server, ServerAccess access, String tokenId)
            throws Hindrance, InterruptedException {
        String places = names(server, tokenId);
        String id = renewal(server, access).renew(tokenId, defaultName(), Duration.ofDays(server.lifetime()), GRACE);
        record("renewed the token " + tokenId + " (the new one is " + id + ")", server, places);
    }

    private static String names(ConfiguredServer server, String tokenId) {
        return new StoredTokens(server)
                .all().stream()
                        .filter(place -> place.token().id().equals(tokenId))
                        .map(StoredTokens.Place::name)
                        .collect(Collectors.joining(", "));
    }

    /** Revokes a token that the server listed. */
    synchronized void revoke(ConfiguredServer server, PersonalAccessToken token)
            throws ConfigurationProblem, InterruptedException {
        Opened opened = open(server);
        try {
            opened.api().revokeToken(token.id());
        } catch (ApiError e) {
            throw problem(server, Hindrance.of(e));
        } catch (TransportException e) {
            throw problem(server, Hindrance.of(e));
        }
        record(
                "revoked the token " + quoted(token.name()) + " (" + token.id() + ")",
                server,
                names(server, token.id()));
        listed.computeIfPresent(
                key(server),
                (same, before) -> new Listed(
                        before.user,
                        before.tokens.stream()
                                .filter(one -> !one.id().equals(token.id()))
                                .toList(),
                        before.time));
    }

    /**
     * Goes on with what is under way, and renews what is about to expire. Of a server and a token it tries no more than once a day.
     *
     * @param log takes a line for everything that was done or could not be
     * @throws InterruptedException when the thread was interrupted
     */
    synchronized void renewWhatExpires(Consumer<String> log) throws InterruptedException {
        List<StoredTokens.Place> all = stored.all();
        notes.forgetProblemsExcept(all.stream().map(place -> place.token().id()).collect(Collectors.toSet()));
        for (Note note : notes.all()) {
            leaveRemovedServer(note, log);
        }
        for (ConfiguredServer server : MenderConfiguration.get().getServers()) {
            try {
                ServerAccess access = server.connection();
                goOn(server, access, log);
                if (server.isRenewTokens()) {
                    renewWhatExpires(server, access, all, log);
                }
            } catch (ConfigurationProblem e) {
                log.accept(server.getName() + ": " + e.getMessage());
            }
        }
    }

    private void renewWhatExpires(
            ConfiguredServer server, ServerAccess access, List<StoredTokens.Place> all, Consumer<String> log)
            throws InterruptedException {
        Map<String, Token> tokens = new TreeMap<>();
        stored.of(server, all).forEach(place -> tokens.put(place.token().id(), place.token()));
        for (Map.Entry<String, Token> token : tokens.entrySet()) {
            String id = token.getKey();
            Optional<Instant> end = token.getValue().expiresAt();
            boolean due = end.isPresent()
                    && now().isBefore(end.get())
                    && !now().plus(server.renewalBeforeExpiry()).isBefore(end.get());
            if (!due) {
                notes.forgetProblem(id);
            } else if (!notes.isUnderWay(access.server().toString(), id) && notes.mayTry(id)) {
                String places = names(server, id);
                try {
                    renew(server, access, id);
                    notes.forgetProblem(id);
                    log.accept(Messages.Tokens_renewed(server.getName(), places));
                } catch (Hindrance e) {
                    keepProblem(id, server, places, e, log);
                }
            }
        }
    }

    /** What is under way on a server that is no longer configured waits, for as long as the tokens can live: it may come back. */
    private void leaveRemovedServer(Note note, Consumer<String> log) {
        try {
            if (now().isAfter(note.begun().plus(LONGEST_LIFE))) {
                notes.forget(note);
                notes.forgetProblem(note.name());
                log.accept(Messages.Tokens_forgotten(note.server(), note.name()));
            } else if (MenderConfiguration.get()
                            .serverAt(ServerAccess.parse(note.server()))
                            .isEmpty()
                    && notes.mayTry(note.server() + ' ' + note.name())) {
                log.accept(Messages.Tokens_removed(note.server(), note.name(), note.oldId()));
            }
        } catch (ConfigurationProblem | IOException e) {
            log.accept(note.server() + ": " + e.getMessage());
        }
    }

    private void goOn(ConfiguredServer server, ServerAccess access, Consumer<String> log) throws InterruptedException {
        for (Note note : notes.all()) {
            boolean waiting = note.revokeAt() != null && now().isBefore(note.revokeAt());
            if (!note.server().equals(access.server().toString()) || !waiting && !notes.mayTry(note.name())) {
                continue;
            }
            String places =
                    names(server, note.oldId()).isEmpty() ? names(server, note.newId()) : names(server, note.oldId());
            try {
                renewal(server, access).goOn(note, note.oldId().isEmpty() ? open(server).token : null, GRACE);
                notes.forgetProblem(note.name());
                if (!notes.has(note.server(), note.name())) {
                    record("finished what was under way with the token " + quoted(note.name()), server, places);
                    log.accept(Messages.Tokens_finished(server.getName(), note.name()));
                }
            } catch (ConfigurationProblem e) {
                log.accept(server.getName() + ": " + e.getMessage());
            } catch (Hindrance e) {
                keepProblem(note.name(), server, places, e, log);
            }
        }
    }

    private void keepProblem(
            String subject, ConfiguredServer server, String places, Hindrance e, Consumer<String> log) {
        if (notes.keepProblem(subject, server.getName(), places, e)) {
            log.accept(message(server.getName(), places, e.reason(), e.detail()));
        }
    }

    private void listAgain(ConfiguredServer server) throws InterruptedException {
        try {
            list(server);
        } catch (ConfigurationProblem e) {
            listed.remove(key(server)); // what was listed is no longer true
        }
    }

    private static Opened open(ConfiguredServer server) throws ConfigurationProblem, InterruptedException {
        ServerAccess access = server.connection();
        Transport transport = transport(access);
        Credential credential = access.defaultCredential();
        try {
            Token token = credential instanceof Credential.Login login
                    ? MenderApi.login(transport, access.server(), login.user(), login.password())
                    : Token.of(((Credential.BearerToken) credential).secret());
            return new Opened(access, transport, token);
        } catch (ApiError e) {
            throw problem(server, Hindrance.of(e));
        } catch (TransportException e) {
            throw problem(server, Hindrance.of(e));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationProblem(Messages.Tokens_unusable(credential.id()));
        }
    }

    private static Transport transport(ServerAccess access) {
        return new LocalTransport(access.settings().withTimeouts(PATIENCE, PATIENCE));
    }

    private TokenRenewal renewal(ConfiguredServer server, ServerAccess access) {
        return new TokenRenewal(transport(access), access.server(), new StoredTokens(server), notes, clock);
    }

    private static void record(String act, ConfiguredServer server, String places) {
        LOGGER.log(Level.INFO, "{0} {1} of the Mender Server {2}, in credentials {3}", new Object[] {
            Jenkins.getAuthentication2().getName(), act, quoted(server.getName()), places
        });
    }

    private static String quoted(String name) {
        return '\'' + PlainText.oneLine(name, LIMIT) + '\'';
    }

    private static ConfigurationProblem problem(ConfiguredServer server, Hindrance e) {
        return new ConfigurationProblem(
                message(server.getName(), Util.fixNull(server.getCredentialsId()), e.reason(), e.detail()));
    }

    /** {@return what keeps something from being done, and what to do} */
    static String message(String server, String places, Reason reason, String detail) {
        String why =
                switch (reason) {
                    case REFUSED -> Messages.Tokens_refused(detail);
                    case FORBIDDEN -> Messages.Tokens_forbidden(detail);
                    case NOT_PERSONAL -> Messages.Tokens_notPersonal();
                    case TOO_MANY -> Messages.Tokens_tooMany(PersonalAccessToken.MOST, detail);
                    case NAME_TAKEN -> Messages.Tokens_nameTaken(detail);
                    case UNWRITABLE -> Messages.Tokens_unwritable(detail);
                    case WRITTEN_BACK -> Messages.Tokens_writtenBack();
                    case STILL_USED -> Messages.Tokens_stillUsed();
                    case NO_TOKEN -> Messages.Tokens_noToken(detail);
                    case NO_NOTE -> Messages.Tokens_noNote();
                    case ANSWER -> Messages.Tokens_answer(detail);
                    case UNANSWERED -> Messages.Tokens_unanswered(detail);
                };
        return places.isEmpty() ? server + ": " + why : Messages.Tokens_problem(server, places, why);
    }
}
