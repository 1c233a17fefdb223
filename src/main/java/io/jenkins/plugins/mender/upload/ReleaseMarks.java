package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.DeploymentApi;
import io.jenkins.plugins.mender.http.TransportException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tags and notes for the Releases of an upload. Servers since 4.1 have them.
 *
 * @param tags tags to add to those that are there
 * @param notes the notes that replace those that are there; they stay as they are when this is empty
 */
public record ReleaseMarks(List<String> tags, String notes) {
    private static final int MOST_TAGS = 20;
    private static final int TAG_CHARS = 1024;
    private static final int NOTES_BYTES = 1024;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_.-]{1," + TAG_CHARS + "}");

    /** A tag is in lower case, as servers keep it, and there once. */
    public ReleaseMarks {
        tags = tags.stream().map(tag -> tag.toLowerCase(Locale.ROOT)).distinct().toList();
    }

    /** {@return whether there is nothing to set} */
    public boolean isEmpty() {
        return tags.isEmpty() && notes.isEmpty();
    }

    /**
     * Checks, before the first byte of a file goes out, what a server would refuse afterwards.
     *
     * @param names the names of the Artifacts; an empty one is not known
     * @param session asks the server whether it has tags and notes
     * @throws UploadFailure when they cannot be set
     * @throws InterruptedException when the thread was interrupted
     */
    public void check(Collection<String> names, UploadSession session) throws UploadFailure, InterruptedException {
        if (isEmpty()) {
            return;
        }
        Optional<String> odd =
                tags.stream().filter(tag -> !TAG.matcher(tag).matches()).findFirst();
        if (odd.isPresent()) {
            throw refusal("tag", Texts.line(odd.get()));
        }
        if (tags.size() > MOST_TAGS) {
            throw refusal("tags", tags.size(), MOST_TAGS);
        }
        int bytes = notes.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NOTES_BYTES) {
            throw refusal("notes.length", bytes, NOTES_BYTES);
        }
        if (notes.chars().anyMatch(Character::isISOControl)) {
            throw refusal("notes.lines");
        }
        for (String name : names) {
            if (name.isEmpty() || name.contains("/")) {
                throw refusal(name.isEmpty() ? "unknown" : "slash", Texts.line(name));
            }
        }
        try {
            DeploymentApi releases = new DeploymentApi(session.api);
            if (!session.retry.call(releases::hasReleases)) {
                throw refusal("server", session.server);
            }
            for (String name : names) {
                Set<String> all = new LinkedHashSet<>(tags);
                session.retry.call(() -> releases.tags(name)).ifPresent(all::addAll);
                if (all.size() > MOST_TAGS) {
                    throw refusal("tags", all.size(), MOST_TAGS);
                }
            }
        } catch (ApiError e) {
            throw refusal("refused", FailureReport.answerLine(e));
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
    }

    private static UploadFailure refusal(String what, Object... arguments) {
        return new UploadFailure(Texts.get("gist.marks." + what, arguments), UploadFailure.Stored.NOTHING, List.of());
    }

    /**
     * Sets them, for a second time without harm.
     *
     * @param names the names of the Artifacts, which are on the server
     * @param session the way there
     * @throws UploadFailure when they could not be set; its message says that the Artifacts are on the server
     * @throws InterruptedException when the thread was interrupted
     */
    public void set(Collection<String> names, UploadSession session) throws UploadFailure, InterruptedException {
        if (isEmpty()) {
            return;
        }
        DeploymentApi releases = new DeploymentApi(session.api);
        try {
            for (String name : new LinkedHashSet<>(names)) {
                set(name, releases, session);
            }
        } catch (ApiError e) {
            throw refusal("failed", FailureReport.answerLine(e)).but(Texts.get("stored.WITHOUT_MARKS"));
        } catch (TransportException e) {
            throw refusal("failed", session.failures.gist(e)).but(Texts.get("stored.WITHOUT_MARKS"));
        }
    }

    /** The server replaces all tags, so those that are there are sent along. Notes are sent alone where there are any: without, it clears them. */
    private void set(String name, DeploymentApi releases, UploadSession session)
            throws ApiError, TransportException, InterruptedException {
        if (!tags.isEmpty()) {
            Set<String> all = new LinkedHashSet<>(
                    session.retry.call(() -> releases.tags(name)).orElse(List.of()));
            all.addAll(tags);
            session.retry.call(() -> {
                releases.tag(name, List.copyOf(all));
                return null;
            });
            session.tell("log.tagged", Texts.line(name), Texts.line(String.join(", ", all)));
        }
        if (!notes.isEmpty()) {
            session.retry.call(() -> {
                releases.note(name, notes);
                return null;
            });
            session.tell("log.noted", Texts.line(name));
        }
    }
}
