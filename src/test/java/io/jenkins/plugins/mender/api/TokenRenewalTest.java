package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.TokenRenewal.Hindrance;
import io.jenkins.plugins.mender.api.TokenRenewal.Hindrance.Reason;
import io.jenkins.plugins.mender.api.TokenRenewal.Journal;
import io.jenkins.plugins.mender.api.TokenRenewal.Keeper;
import io.jenkins.plugins.mender.api.TokenRenewal.Note;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A token is renewed wherever it is kept; and broken off anywhere, there is one that works, and soon none too many. */
class TokenRenewalTest {
    private static final String TOKENS = "/api/management/v1/useradm/settings/tokens";
    private static final String CREATE = "POST " + TOKENS;
    private static final String LIST = "GET " + TOKENS;
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration GRACE = Duration.ofHours(24);

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private Instant now = Instant.now();

    /** What outlives a kill: the stores and the notes. */
    private final Map<String, String> stores = new LinkedHashMap<>();

    private final Map<String, Note> notes = new LinkedHashMap<>();
    private final List<String> readOnly = new ArrayList<>();

    /** How many acts there were, and before or after which this process is killed: never when negative. */
    private int acts;

    private int killAt = -1;
    private final String old = server.personalToken("old", now.plus(Duration.ofDays(20)));

    TokenRenewalTest() {
        server.follow(() -> now);
        stores.put("first", old);
        stores.put("second", old);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private <T> T act(Supplier<T> act) {
        kill();
        T result = act.get();
        kill();
        return result;
    }

    private void kill() {
        if (acts++ == killAt) {
            throw new Killed();
        }
    }

    private final class Stores implements Keeper {
        @Override
        public Optional<Token> find(String tokenId) {
            return stores.values().stream()
                    .map(Token::of)
                    .filter(token -> token.id().equals(tokenId))
                    .findFirst();
        }

        @Override
        public Optional<Token> ofUser(String userId) {
            return stores.values().stream()
                    .map(Token::of)
                    .filter(token -> token.userId().equals(userId))
                    .findFirst();
        }

        @Override
        public List<String> unwritable(String tokenId) {
            return readOnly.stream()
                    .filter(store -> Token.of(stores.get(store)).id().equals(tokenId))
                    .toList();
        }

        @Override
        public void replace(String oldId, Token token) throws IOException {
            for (Map.Entry<String, String> store : stores.entrySet()) {
                if (Token.of(store.getValue()).id().equals(oldId)) {
                    if (readOnly.contains(store.getKey())) {
                        throw new IOException("read-only");
                    }
                    act(() -> store.setValue(token.value()));
                }
            }
        }
    }

    private final class Notes implements Journal {
        @Override
        public void keep(Note note) {
            act(() -> notes.put(note.name(), note));
        }

        @Override
        public void forget(Note note) {
            act(() -> notes.remove(note.name()));
        }

        @Override
        public boolean has(String server, String name) {
            return notes.containsKey(name);
        }
    }

    private final class Line implements Transport {
        private final Transport transport = new LocalTransport(ConnectionSettings.defaults());

        @Override
        public Response send(Request request, Listener listener) throws TransportException, InterruptedException {
            kill();
            Response response = transport.send(request, listener);
            kill();
            return response;
        }
    }

    private TokenRenewal renewal() {
        try {
            return new TokenRenewal(new Line(), MenderServer.parse(server.url()), new Stores(), new Notes(), () -> now);
        } catch (MenderServer.InvalidServerUrlException e) {
            throw new IllegalStateException(e);
        }
    }

    private String renew() throws Exception {
        return renewal().renew(Token.of(old).id(), "jenkins-ci", YEAR, GRACE);
    }

    /** What the next run does: go on with each note, then renew what is still the old one. */
    private void nextRun() throws Exception {
        for (Note note : List.copyOf(notes.values())) {
            renewal().goOn(note, null, GRACE);
        }
        if (stores.containsValue(old) && notes.values().stream().noneMatch(note -> note.newId() != null)) {
            renew();
        }
    }

    private Hindrance hindrance(Reason reason) {
        Hindrance hindrance = assertThrows(Hindrance.class, this::renew);
        assertThat(hindrance.reason(), is(reason));
        return hindrance;
    }

    @Test
    void theOldOneIsGoodForTheGraceTime() throws Exception {
        String id = renew();
        String renewed = stores.get("first");
        assertThat(Token.of(renewed).id(), is(id));
        assertThat(stores.get("second"), is(renewed));
        assertThat(server.accepts(renewed), is(true));
        assertThat(Token.of(renewed).expiresAt().orElseThrow().isAfter(now.plus(Duration.ofDays(364))), is(true));
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci"));

        now = now.plus(Duration.ofHours(23));
        nextRun();
        assertThat(server.accepts(old), is(true));
        now = now.plus(Duration.ofHours(2));
        nextRun();
        assertThat(server.accepts(old), is(false));
        assertThat(server.accepts(renewed), is(true));
        assertThat(server.personalTokenNames(), contains("jenkins-ci"));
        assertThat(notes.values(), is(empty()));
    }

    @Test
    void aTakenNameGetsANumber() throws Exception {
        server.personalToken("jenkins-ci", null);
        renew();
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci", "jenkins-ci-2"));
    }

    private static Stream<Integer> kills() {
        return IntStream.range(0, 22).boxed();
    }

    /** There are 2 places to be killed at for each of: list, note, create, note, users/me, two stores, note; then 3 for the end. */
    @ParameterizedTest
    @MethodSource("kills")
    void killedAnywhereThereIsATokenThatWorks(int place) throws Exception {
        killAt = place;
        boolean killed = false;
        try {
            renew();
            now = now.plus(Duration.ofHours(25));
            nextRun();
        } catch (Killed e) {
            killed = true;
        }
        assertThat(killed, is(place < 20));
        for (String token : stores.values()) {
            assertThat(server.accepts(token), is(true));
        }
        killAt = -1;
        for (int run = 0; run < 3; run++) {
            now = now.plus(Duration.ofHours(25));
            nextRun();
            for (String token : stores.values()) {
                assertThat(server.accepts(token), is(true));
            }
        }
        assertThat(stores.get("first"), is(stores.get("second")));
        assertThat(stores.get("first"), is(not(old)));
        assertThat(server.accepts(old), is(false));
        assertThat(server.personalTokenNames(), hasSize(1));
        assertThat(notes.values(), is(empty()));
    }

    @Test
    void aLostAnswerLeavesNoTokenThatNobodyHas() throws Exception {
        server.answer(CREATE, () -> {
            server.personalToken("jenkins-ci", null);
            return Reply.html(502, "Bad Gateway");
        });
        hindrance(Reason.ANSWER);
        server.recover();
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci"));
        nextRun();
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci"));
        assertThat(Token.of(stores.get("first")).id(), is(not(Token.of(old).id())));
        now = now.plus(Duration.ofHours(25));
        nextRun();
        assertThat(server.personalTokenNames(), contains("jenkins-ci"));
    }

    @Test
    void aRequestThatArrivesLateIsCleanedUpToo() throws Exception {
        server.answer(CREATE, Reply.empty(504));
        hindrance(Reason.ANSWER);
        server.recover();
        nextRun();
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci-2"));
        server.personalToken("jenkins-ci", null);
        nextRun();
        assertThat(server.personalTokenNames(), contains("old", "jenkins-ci-2"));
    }

    /** What somebody else calls so must not be revoked. */
    @Test
    void aNameThatWasTakenBeforeIsNobodysOrphan() throws Exception {
        server.personalToken("mine", null);
        Token creator = Token.of(old);
        Hindrance hindrance = assertThrows(Hindrance.class, () -> renewal().create(creator, "mine", YEAR, token -> {}));
        assertThat(hindrance.reason(), is(Reason.NAME_TAKEN));
        server.answer(CREATE, Reply.error(409, "Personal Access Token with a given name already exists"));
        assertThrows(Hindrance.class, () -> renewal().create(creator, "other", YEAR, token -> {}));
        server.recover();
        nextRun();
        assertThat(server.personalTokenNames().subList(0, 2), contains("old", "mine"));
    }

    @Test
    void aTokenThatCannotBeKeptIsRevoked() throws Exception {
        Hindrance hindrance = assertThrows(
                Hindrance.class,
                () -> renewal().create(Token.of(old), "new", YEAR, token -> {
                    throw new IOException("disk full");
                }));
        assertThat(hindrance.reason(), is(Reason.UNWRITABLE));
        assertThat(server.personalTokenNames(), contains("old"));
        assertThat(notes.values(), is(empty()));
    }

    @Test
    void whatCannotBeWrittenIsSaidBeforeAnythingIsCreated() {
        readOnly.add("second");
        assertThat(hindrance(Reason.UNWRITABLE).detail(), is("second"));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void theEleventhIsNotCreated() {
        for (int i = 0; i < 9; i++) {
            server.personalToken("by hand " + i, null);
        }
        assertThat(hindrance(Reason.TOO_MANY).detail(), containsString("by hand 0, by hand 1"));
        assertThat(hindrance(Reason.TOO_MANY).detail(), not(containsString("old")));
        assertThat(server.exchanges().stream().anyMatch(e -> e.request().equals(CREATE)), is(false));
    }

    @Test
    void aSessionsTokenIsNone() {
        stores.replaceAll((store, token) -> server.token());
        String id = Token.of(stores.get("first")).id();
        Hindrance hindrance = assertThrows(Hindrance.class, () -> renewal().renew(id, "x", YEAR, GRACE));
        assertThat(hindrance.reason(), is(Reason.NOT_PERSONAL));
    }

    @ParameterizedTest
    @CsvSource({"401, REFUSED", "403, FORBIDDEN", "409, NAME_TAKEN", "500, ANSWER"})
    void whatTheServerRefusesIsSaid(int status, Reason reason) {
        server.answer(CREATE, Reply.error(status, "no " + old));
        Hindrance hindrance = hindrance(reason);
        assertThat(hindrance.detail(), containsString("HTTP " + status + ": no ****"));
        assertThat(server.accepts(old), is(true));
        assertThat(stores.get("first"), is(old));
    }

    @Test
    void aServerThatDoesNotAnswerIsSaid() {
        server.close();
        assertThat(hindrance(Reason.UNANSWERED).detail(), containsString("connect"));
        assertThat(stores.get("first"), is(old));
    }

    @Test
    void aNewTokenThatDoesNotWorkIsRevoked() throws Exception {
        server.answer("GET /api/management/v1/useradm/users/me", Reply.error(401, "unauthorized"));
        hindrance(Reason.REFUSED);
        assertThat(server.personalTokenNames(), contains("old"));
        assertThat(notes.values(), is(empty()));
    }

    /** Servers answer 204 to whoever revokes a token, and do so for its own user alone. */
    @Test
    void nobodyElsesTokenIsAskedToCleanUp() throws Exception {
        renew();
        try (SimulatedMenderServer other = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            stores.replaceAll((store, token) -> other.token());
            now = now.plus(Duration.ofHours(25));
            int asked = server.exchanges().size();
            Hindrance hindrance = assertThrows(Hindrance.class, this::nextRun);
            assertThat(hindrance.reason(), is(Reason.NO_TOKEN));
            assertThat(server.exchanges(), hasSize(asked));
        }
    }

    @Test
    void anOldOneThatIsKeptAgainIsNotRevoked() throws Exception {
        renew();
        stores.put("first", old);
        now = now.plus(Duration.ofHours(25));
        Hindrance hindrance = assertThrows(Hindrance.class, this::nextRun);
        assertThat(hindrance.reason(), is(Reason.WRITTEN_BACK));
        assertThat(server.accepts(old), is(true));
        stores.put("first", stores.get("second"));
        nextRun();
        assertThat(server.accepts(old), is(false));
    }

    /** An answer that is not what it should be, and has the new token in it all the same. */
    @Test
    void noErrorTellsTheNewToken() {
        String secret = server.token();
        for (Reply reply : List.of(
                Reply.json(200, "{\"token\": \"" + secret + "\"}"),
                Reply.error(201, secret),
                Reply.error(500, "made " + secret),
                Reply.json(201, "{\"error\": \"" + secret.replace("e", "\\u0065") + "\"}"))) {
            server.answer(CREATE, reply);
            Hindrance hindrance = hindrance(Reason.ANSWER);
            assertThat(hindrance.getMessage(), not(containsString(secret)));
            assertThat(hindrance.detail().length(), greaterThan(0));
            assertThat(notes.toString(), not(containsString(secret)));
            notes.clear();
        }
    }

    @Test
    void theListIsReadAsItIs() throws Exception {
        MenderApi api = new MenderApi(
                new LocalTransport(ConnectionSettings.defaults()), MenderServer.parse(server.url()), Token.of(old));
        Token endless = api.createToken("endless \u00fc \"x\"", Duration.ZERO);
        List<PersonalAccessToken> listed = api.tokens();
        assertThat(listed.stream().map(PersonalAccessToken::name).toList(), contains("old", "endless \u00fc \"x\""));
        assertThat(listed.get(0).lastUsed(), is(now));
        assertThat(listed.get(1).id(), is(endless.id()));
        assertThat(listed.get(1).expires() == null && listed.get(1).lastUsed() == null, is(true));
        api.revokeToken(endless.id());
        api.revokeToken(endless.id());
        assertThat(api.tokens(), hasSize(1));
        server.answer(LIST, Reply.json(200, "{}"));
        assertThrows(ApiError.class, api::tokens);
    }
}
