package io.jenkins.plugins.mender.config;

import hudson.XmlFile;
import io.jenkins.plugins.mender.api.TokenRenewal;
import io.jenkins.plugins.mender.api.TokenRenewal.Hindrance;
import io.jenkins.plugins.mender.api.TokenRenewal.Note;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * What is to be known of tokens after a restart: what is under way, when something was last tried, and what could not be done. It
 * has ids, names and times, and no token's value. It is saved at each change.
 */
final class TokenNotes implements TokenRenewal.Journal {
    /** How long a token, or what is under way with it, is left alone after a try. */
    private static final Duration PAUSE = Duration.ofHours(23);

    private static final Logger LOGGER = Logger.getLogger(TokenNotes.class.getName());

    private final XmlFile file =
            new XmlFile(Jenkins.XSTREAM2, new File(Jenkins.get().getRootDir(), TokenCare.class.getName() + ".xml"));
    private final Saved saved = read();

    /** The file's content. */
    private static final class Saved {
        private final List<SavedNote> notes = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, Long> tried = new HashMap<>();
    }

    /** A note as it is saved, which a record cannot be. */
    private static final class SavedNote {
        private final String server;
        private final String user;
        private final String oldId;
        private final String name;
        private final long begun;
        private final String newId;
        private final long revokeAt;

        private SavedNote(Note note) {
            server = note.server();
            user = note.user();
            oldId = note.oldId();
            name = note.name();
            begun = note.begun().toEpochMilli();
            newId = note.newId();
            revokeAt = note.revokeAt() == null ? 0 : note.revokeAt().toEpochMilli();
        }

        private Note note() {
            return new Note(
                    server,
                    user,
                    oldId,
                    name,
                    Instant.ofEpochMilli(begun),
                    newId,
                    revokeAt == 0 ? null : Instant.ofEpochMilli(revokeAt));
        }

        private boolean isOf(String otherServer, String otherName) {
            return server.equals(otherServer) && name.equals(otherName);
        }
    }

    /** Something that could not be done. */
    private static final class Problem {
        private final String subject;
        private final String server;
        private final String places;
        private final Hindrance.Reason reason;
        private final String detail;

        private Problem(String subject, String server, String places, Hindrance hindrance) {
            this.subject = subject;
            this.server = server;
            this.places = places;
            this.reason = hindrance.reason();
            this.detail = hindrance.detail();
        }

        private String text() {
            return TokenCare.message(server, places, reason, detail);
        }
    }

    private Saved read() {
        try {
            if (file.exists()) {
                return (Saved) file.read();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "What was under way with Mender tokens cannot be read from " + file);
        }
        return new Saved();
    }

    private void save() throws IOException {
        file.write(saved);
    }

    /** Saves what is no loss when it is lost. */
    private void saveIfPossible() {
        try {
            save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot be saved: " + file);
        }
    }

    /** {@return what is under way, the oldest first} */
    synchronized List<Note> all() {
        return saved.notes.stream().map(SavedNote::note).toList();
    }

    @Override
    public synchronized void keep(Note note) throws IOException {
        saved.notes.removeIf(other -> other.isOf(note.server(), note.name()));
        saved.notes.add(new SavedNote(note));
        save();
    }

    @Override
    public synchronized void forget(Note note) throws IOException {
        saved.notes.removeIf(other -> other.isOf(note.server(), note.name()));
        saved.tried.remove(note.name());
        save();
    }

    @Override
    public synchronized boolean has(String server, String name) {
        return saved.notes.stream().anyMatch(note -> note.isOf(server, name));
    }

    /** {@return whether there is a new token of a server for one already, if not everywhere yet} */
    synchronized boolean isUnderWay(String server, String tokenId) {
        return saved.notes.stream()
                .anyMatch(note -> note.server.equals(server) && note.oldId.equals(tokenId) && note.newId != null);
    }

    /**
     * {@return whether something may be tried now; then it may not for the next 23 hours}
     *
     * @param subject a token's id, or the name of one that is under way
     */
    synchronized boolean mayTry(String subject) {
        Instant now = TokenCare.now();
        saved.tried
                .values()
                .removeIf(time -> !now.isBefore(Instant.ofEpochMilli(time).plus(PAUSE)));
        if (saved.tried.putIfAbsent(subject, now.toEpochMilli()) != null) {
            return false;
        }
        saveIfPossible();
        return true;
    }

    /** {@return what could not be done, a line for each} */
    synchronized List<String> problems() {
        return saved.problems.stream().map(Problem::text).toList();
    }

    /** Keeps what is in the way, and {@return whether that is new} */
    synchronized boolean keepProblem(String subject, String server, String places, Hindrance hindrance) {
        Problem problem = new Problem(subject, server, places, hindrance);
        boolean known = saved.problems.stream().anyMatch(other -> other.text().equals(problem.text()));
        saved.problems.removeIf(other -> other.subject.equals(subject));
        saved.problems.add(problem);
        saveIfPossible();
        return !known;
    }

    /** Forgets what was in the way of something. */
    synchronized void forgetProblem(String subject) {
        if (saved.problems.removeIf(problem -> problem.subject.equals(subject))) {
            saveIfPossible();
        }
    }

    /** Forgets what concerns neither one of these tokens nor what is under way. */
    synchronized void forgetProblemsExcept(Set<String> tokenIds) {
        if (saved.problems.removeIf(problem -> !tokenIds.contains(problem.subject)
                && saved.notes.stream().noneMatch(note -> note.name.equals(problem.subject)))) {
            saveIfPossible();
        }
    }
}
