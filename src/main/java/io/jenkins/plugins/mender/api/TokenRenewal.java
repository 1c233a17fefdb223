package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts a new personal access token in the place of an old one, in an order that can be broken off anywhere: create, try out, write, and
 * revoke the old one only after a grace time, since whoever began before still holds it. Before each of these acts a {@link Note} says
 * how far it has come. Whenever it breaks off there are two tokens that work, or one; {@link #goOn} finishes or cleans up.
 */
public final class TokenRenewal {
    /** After which a request whose answer was lost is no longer under way. */
    private static final Duration LATE = Duration.ofHours(1);

    /** As much of a token's name as is told, in characters. */
    private static final int NAME_LIMIT = 80;

    private final Transport transport;
    private final MenderServer server;
    private final Keeper keeper;
    private final Journal journal;
    private final InstantSource clock;

    /** Where the values of tokens are kept. */
    public interface Keeper {
        /** {@return the value of a token if it is kept somewhere} */
        Optional<Token> find(String tokenId);

        /** {@return whether it is kept for anybody, be it for what looks like another server} */
        default boolean isKeptByAnybody(String tokenId) {
            return find(tokenId).isPresent();
        }

        /** {@return the value of any token of a user that is kept somewhere; servers list and revoke a user's own alone} */
        Optional<Token> ofUser(String userId);

        /**
         * Says what cannot be written of all that keeps a token.
         *
         * @param tokenId the token's id
         * @return names that a user knows the places by; empty when everything can be written
         */
        List<String> unwritable(String tokenId);

        /**
         * Writes a token wherever another is kept. When it fails some places may have been written.
         *
         * @param oldId the other token's id
         * @param token the token to keep there
         * @throws IOException when something could not be written
         */
        void replace(String oldId, Token token) throws IOException;
    }

    /** Where notes are kept, so that they outlive a kill of this process. */
    public interface Journal {
        /** Keeps a note in the place of an earlier one of the same server and name. */
        void keep(Note note) throws IOException;

        /** Forgets the note of a server and a name. */
        void forget(Note note) throws IOException;

        /** {@return whether there is a note of a server and a name} */
        boolean has(String server, String name);
    }

    /**
     * How far a renewal, or the creation of a token, has come. It holds no token's value.
     *
     * @param server the URL of the server
     * @param user the id of the tokens' user
     * @param oldId the id of the token that is replaced; empty when none is
     * @param name the new token's name, which no other token of its user had
     * @param begun when it began
     * @param newId the new token's id; null until it is known
     * @param revokeAt when the old token is to be revoked; null until the new one is written
     */
    public record Note(
            String server, String user, String oldId, String name, Instant begun, String newId, Instant revokeAt)
            implements Serializable {
        private static final long serialVersionUID = 1;

        private Note created(String id) {
            return new Note(server, user, oldId, name, begun, id, null);
        }

        private Note written(Instant end) {
            return new Note(server, user, oldId, name, begun, newId, end);
        }
    }

    /** What keeps a renewal from being done. Nothing is lost by it: the old token still works unless it had ended before. */
    public static final class Hindrance extends Exception {
        private static final long serialVersionUID = 1;

        /** What it is. */
        public enum Reason {
            /** The server does not take the token (401). */
            REFUSED,
            /** The user may not create tokens (403): the role, or an account of a single sign-on. */
            FORBIDDEN,
            /** The token is none of the user's personal access tokens: a session's, or one that was revoked. */
            NOT_PERSONAL,
            /** The user has as many tokens as there may be (422). */
            TOO_MANY,
            /** The name is taken (409). */
            NAME_TAKEN,
            /** What keeps the token cannot be written. */
            UNWRITABLE,
            /** The old token is kept somewhere again, so it is not revoked. */
            WRITTEN_BACK,
            /** The old token is kept for what looks like another server, which may be the same one, so it is not revoked. */
            STILL_USED,
            /** Nothing that is kept opens the server any longer, so nothing can be cleaned up. */
            NO_TOKEN,
            /** The note of what is under way cannot be kept. */
            NO_NOTE,
            /** Another answer of the server. */
            ANSWER,
            /** No answer of the server. */
            UNANSWERED
        }

        private final Reason reason;
        private final String detail;

        Hindrance(Reason reason, String detail) {
            super(reason + ": " + detail);
            this.reason = reason;
            this.detail = detail;
        }

        /** {@return what it is} */
        public Reason reason() {
            return reason;
        }

        /** {@return what is in the way, on one line, without secrets: the server's words, names of places or of tokens; possibly empty} */
        public String detail() {
            return detail;
        }

        /** {@return what an answer of the server means} */
        public static Hindrance of(ApiError e) {
            Reason reason =
                    switch (e.status()) {
                        case 401 -> Reason.REFUSED;
                        case 403 -> Reason.FORBIDDEN;
                        case 409 -> Reason.NAME_TAKEN;
                        case 422 -> Reason.TOO_MANY;
                        default -> Reason.ANSWER;
                    };
            return new Hindrance(reason, e.getMessage());
        }

        /** {@return what it means that no answer came} */
        public static Hindrance of(TransportException e) {
            String failure = e.failure().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return new Hindrance(Reason.UNANSWERED, (failure + ' ' + Objects.toString(e.getMessage(), "")).strip());
        }
    }

    /**
     * Prepares renewals on one server.
     *
     * @param transport the way to the server
     * @param server the server
     * @param keeper what keeps the tokens
     * @param journal what keeps the notes
     * @param clock the time
     */
    public TokenRenewal(Transport transport, MenderServer server, Keeper keeper, Journal journal, InstantSource clock) {
        this.transport = transport;
        this.server = server;
        this.keeper = keeper;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Creates a token and hands it over. What breaks off leaves a note, and no token that nobody has for long: {@link #goOn} revokes it.
     *
     * @param creator opens the server: a personal access token or a session's
     * @param name the new token's name
     * @param lifetime how long it shall live; zero for ever
     * @param place takes the token; what it throws means that it has not taken it
     * @return the new token's id
     * @throws Hindrance when it could not be done
     * @throws InterruptedException when the thread was interrupted
     */
    public String create(Token creator, String name, Duration lifetime, Place place)
            throws Hindrance, InterruptedException {
        List<PersonalAccessToken> listed = list(creator);
        if (!free(name, listed).equals(name)) {
            throw new Hindrance(Hindrance.Reason.NAME_TAKEN, PlainText.oneLine(name, NAME_LIMIT));
        }
        requirePlace(listed);
        Note note = note(creator, "", name);
        Token created = create(creator, note, lifetime);
        try {
            place.take(created);
        } catch (IOException e) {
            undo(creator, note.created(created.id()));
            throw new Hindrance(Hindrance.Reason.UNWRITABLE, "");
        }
        forget(note);
        return created.id();
    }

    /** Takes the value of a new token. */
    @FunctionalInterface
    public interface Place {
        /** Keeps a token; throws when that cannot be. */
        void take(Token token) throws IOException;
    }

    /**
     * Renews a token wherever it is kept.
     *
     * @param oldId the token's id
     * @param name what to call the new one; a number is added when it is taken
     * @param lifetime how long the new one shall live
     * @param grace for how long the old one stays good
     * @return the new token's id
     * @throws Hindrance when it could not be done, or not wholly
     * @throws InterruptedException when the thread was interrupted
     */
    public String renew(String oldId, String name, Duration lifetime, Duration grace)
            throws Hindrance, InterruptedException {
        List<String> unwritable = keeper.unwritable(oldId);
        if (!unwritable.isEmpty()) {
            throw new Hindrance(Hindrance.Reason.UNWRITABLE, String.join(", ", unwritable));
        }
        Token old = kept(oldId);
        List<PersonalAccessToken> listed = list(old);
        if (listed.stream().noneMatch(token -> token.id().equals(oldId))) {
            throw new Hindrance(Hindrance.Reason.NOT_PERSONAL, "");
        }
        requirePlace(listed);
        Note begun = note(old, oldId, free(name, listed));
        Token renewed = create(old, begun, lifetime);
        Note created = begun.created(renewed.id());
        keep(created);
        try {
            api(renewed).me();
        } catch (ApiError e) {
            if (e.status() != 403) { // a role may be forbidden to ask
                undo(old, created);
                throw Hindrance.of(e);
            }
        } catch (TransportException e) {
            undo(old, created);
            throw Hindrance.of(e);
        }
        write(created, old, renewed, grace);
        return renewed.id();
    }

    /**
     * Goes on with what was broken off, or left for later: finishes it, cleans up behind it, or leaves it for later again.
     *
     * @param note how far it had come
     * @param other a session of a user, for notes of that user when none of the user's tokens is kept; null when there is none
     * @param grace for how long an old token stays good
     * @throws Hindrance when it could not be done
     * @throws InterruptedException when the thread was interrupted
     */
    public void goOn(Note note, Token other, Duration grace) throws Hindrance, InterruptedException {
        Optional<Token> old = keeper.find(note.oldId());
        if (note.revokeAt() != null) {
            revokeWhenDue(note, old.isPresent(), other);
            return;
        }
        Token asking = old.isPresent() ? old.get() : asking(note, other);
        String newId = note.newId() != null
                ? note.newId()
                : list(asking).stream()
                        .filter(token -> token.name().equals(note.name()))
                        .map(PersonalAccessToken::id)
                        .findFirst()
                        .orElse(null);
        if (newId == null) {
            if (!clock.instant().isBefore(note.begun().plus(LATE))) {
                forget(note); // the server never made it
            }
            return;
        }
        Optional<Token> kept = keeper.find(newId);
        if (kept.isEmpty()) {
            revoke(asking, newId);
            forget(note);
        } else if (note.oldId().isEmpty()) {
            forget(note);
        } else {
            write(note.created(newId), null, kept.get(), grace);
        }
    }

    private void revokeWhenDue(Note note, boolean keptAgain, Token other) throws Hindrance, InterruptedException {
        if (keptAgain) {
            throw new Hindrance(Hindrance.Reason.WRITTEN_BACK, "");
        }
        if (clock.instant().isBefore(note.revokeAt())) {
            return;
        }
        Token asking = asking(note, other);
        if (keeper.isKeptByAnybody(note.oldId())) {
            throw new Hindrance(Hindrance.Reason.STILL_USED, "");
        }
        revoke(asking, note.oldId());
        forget(note);
    }

    private Token asking(Note note, Token other) throws Hindrance {
        return Optional.ofNullable(note.newId())
                .flatMap(keeper::find)
                .or(() -> keeper.ofUser(note.user()))
                .or(() -> Optional.ofNullable(other)
                        .filter(token -> token.userId().equals(note.user())))
                .orElseThrow(() -> new Hindrance(Hindrance.Reason.NO_TOKEN, note.name()));
    }

    private Note note(Token creator, String oldId, String name) {
        return new Note(server.toString(), creator.userId(), oldId, name, clock.instant(), null, null);
    }

    private Token create(Token creator, Note note, Duration lifetime) throws Hindrance, InterruptedException {
        keep(note);
        try {
            return api(creator).createToken(note.name(), lifetime);
        } catch (ApiError e) {
            if (e.status() >= 400 && e.status() < 500) {
                forget(note); // it was refused, so there is none
            }
            throw e.status() == 422 ? new Hindrance(Hindrance.Reason.TOO_MANY, unused(list(creator))) : Hindrance.of(e);
        } catch (TransportException e) {
            throw Hindrance.of(e);
        }
    }

    private void write(Note created, Token old, Token renewed, Duration grace) throws Hindrance, InterruptedException {
        try {
            keeper.replace(created.oldId(), renewed);
        } catch (IOException e) {
            if (old != null && keeper.find(renewed.id()).isEmpty()) {
                undo(old, created);
            }
            throw new Hindrance(Hindrance.Reason.UNWRITABLE, String.join(", ", keeper.unwritable(created.oldId())));
        }
        keep(created.written(clock.instant().plus(grace)));
    }

    /** Revokes a token that nobody has, if that can be; else its note stays. */
    private void undo(Token creator, Note note) throws InterruptedException {
        try {
            api(creator).revokeToken(note.newId());
            journal.forget(note);
        } catch (ApiError | IOException e) {
            // it is gone on with later
        }
    }

    private void revoke(Token asking, String id) throws Hindrance, InterruptedException {
        try {
            api(asking).revokeToken(id);
        } catch (ApiError e) {
            throw Hindrance.of(e);
        } catch (TransportException e) {
            throw Hindrance.of(e);
        }
    }

    private List<PersonalAccessToken> list(Token asking) throws Hindrance, InterruptedException {
        try {
            return api(asking).tokens();
        } catch (ApiError e) {
            throw Hindrance.of(e);
        } catch (TransportException e) {
            throw Hindrance.of(e);
        }
    }

    private Token kept(String id) throws Hindrance {
        return keeper.find(id).orElseThrow(() -> new Hindrance(Hindrance.Reason.NO_TOKEN, ""));
    }

    private MenderApi api(Token token) {
        return new MenderApi(transport, server, token);
    }

    private void keep(Note note) throws Hindrance {
        try {
            journal.keep(note);
        } catch (IOException e) {
            throw new Hindrance(Hindrance.Reason.NO_NOTE, "");
        }
    }

    private void forget(Note note) throws Hindrance {
        try {
            journal.forget(note);
        } catch (IOException e) {
            throw new Hindrance(Hindrance.Reason.NO_NOTE, "");
        }
    }

    /** {@return the names of the tokens that are not kept here, those first that were not used for longest} */
    private String unused(List<PersonalAccessToken> listed) {
        return listed.stream()
                .filter(token -> keeper.find(token.id()).isEmpty())
                .sorted((one, next) -> lastUse(one).compareTo(lastUse(next)))
                .map(token -> PlainText.oneLine(token.name(), NAME_LIMIT))
                .collect(Collectors.joining(", "));
    }

    private static Instant lastUse(PersonalAccessToken token) {
        return token.lastUsed() == null ? Instant.EPOCH : token.lastUsed();
    }

    private void requirePlace(List<PersonalAccessToken> listed) throws Hindrance {
        if (listed.size() >= PersonalAccessToken.MOST) {
            throw new Hindrance(Hindrance.Reason.TOO_MANY, unused(listed));
        }
    }

    /** A name is taken, too, where the answer to its creation was lost: the token may come yet. */
    private String free(String name, List<PersonalAccessToken> listed) {
        Set<String> taken = listed.stream().map(PersonalAccessToken::name).collect(Collectors.toSet());
        String free = name;
        for (int i = 2; taken.contains(free) || journal.has(server.toString(), free); i++) {
            free = name + '-' + i;
        }
        return free;
    }
}
