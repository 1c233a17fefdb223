package io.jenkins.plugins.mender;

import hudson.console.HyperlinkNote;
import hudson.model.TaskListener;
import io.jenkins.plugins.mender.upload.UploadLog;
import java.net.URI;

/** The build log as an upload writes it: every line begins with {@code [Mender]}, addresses can be clicked. */
final class BuildLog implements UploadLog {
    private static final String PREFIX = "[Mender] ";

    private final TaskListener listener;

    BuildLog(TaskListener listener) {
        this.listener = listener;
    }

    @Override
    public void line(String line) {
        listener.getLogger().println(PREFIX + line);
    }

    @Override
    public String link(URI url) {
        return HyperlinkNote.encodeTo(url.toString(), url.toString());
    }
}
