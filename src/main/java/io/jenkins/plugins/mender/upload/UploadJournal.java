package io.jenkins.plugins.mender.upload;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is known of the files of one step, kept by whoever can lose everything else: a controller that restarts goes on from
 * here. Each file goes by its name.
 */
public class UploadJournal implements Serializable {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, UploadResult> done = new LinkedHashMap<>();
    private String underWay;
    private String replaced = "";

    /** Called after each entry; keeps the journal where a restart does not reach it. Does nothing here. */
    protected void save() throws InterruptedException {}

    /** Notes, before its first byte goes out, that a file may arrive from now on. */
    final void sending(String fileName, String replacedId) throws InterruptedException {
        if (!fileName.equals(underWay) || !replacedId.equals(replaced)) {
            underWay = fileName;
            replaced = replacedId;
            save();
        }
    }

    /** Notes that a file is on the server. */
    final void done(String fileName, UploadResult result) throws InterruptedException {
        done.put(fileName, result);
        underWay = null;
        replaced = "";
        save();
    }

    /** {@return what is on the server as far as is known, in the order in which it got there} */
    public final List<UploadResult> results() {
        return List.copyOf(done.values());
    }

    /** {@return what became of a file, empty while it is not on the server as far as is known} */
    final Optional<UploadResult> result(String fileName) {
        return Optional.ofNullable(done.get(fileName));
    }

    /** {@return whether a file was being sent when the journal broke off} */
    final boolean isUnderWay(String fileName) {
        return fileName.equals(underWay);
    }

    /** {@return the id of the Artifact that a file under way replaces, empty when there is none} */
    final String replaced(String fileName) {
        return isUnderWay(fileName) ? replaced : "";
    }

    /** {@return whether an earlier run wrote something here} */
    public final boolean isBegun() {
        return underWay != null || !done.isEmpty();
    }

    /** {@return what the server holds, as far as is known: a sentence for the log of a build that was aborted} */
    public final String stored() {
        String names = done.keySet().stream().map(Texts::line).collect(Collectors.joining(", "));
        String before = done.isEmpty() ? "" : Texts.get("stored.aborted.before", names);
        if (underWay != null) {
            return Texts.get("stored.aborted", Texts.line(underWay)) + before;
        }
        return done.isEmpty() ? Texts.get("stored.NOTHING") : before.strip();
    }

    /** {@return a failure before anything was sent in this run, which says what an earlier run may have stored} */
    public final UploadFailure beforeSending(UploadFailure failure) {
        return isBegun() ? failure.but(stored()) : failure;
    }
}
