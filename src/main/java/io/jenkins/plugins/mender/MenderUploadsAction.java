package io.jenkins.plugins.mender;

import hudson.model.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The Artifacts that a build uploaded: its summary on the build's page, a page of its own, and its part of the remote API. */
@ExportedBean
public final class MenderUploadsAction implements RunAction2 {
    /** How many Artifacts the build's page describes; the others are on the page of their own. */
    private static final int SHOWN = 5;

    private ArrayList<UploadedArtifact> artifacts = new ArrayList<>();
    private transient Run<?, ?> run;

    /**
     * Adds Artifacts to those of a run. One that is there already, since its step was resumed, is not added again. Steps of a
     * run may call it at the same time.
     *
     * @param run the run, which is not saved here
     * @param uploaded the Artifacts
     */
    static synchronized void add(Run<?, ?> run, Collection<UploadedArtifact> uploaded) {
        MenderUploadsAction action = run.getAction(MenderUploadsAction.class);
        if (action == null) {
            action = new MenderUploadsAction();
            run.addAction(action);
        }
        ArrayList<UploadedArtifact> all = new ArrayList<>(action.artifacts);
        for (UploadedArtifact artifact : uploaded) {
            if (all.stream().noneMatch(artifact::isSameAs)) {
                all.add(artifact);
            }
        }
        action.artifacts = all; // readers see the old list or the new one
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** {@return the run, for its side panel} */
    public Run<?, ?> getRun() {
        return run;
    }

    /** {@return all Artifacts, in the order of the log} */
    public List<UploadedArtifact> getArtifacts() {
        return List.copyOf(artifacts);
    }

    /** {@return the Artifacts that the build's page describes} */
    public List<UploadedArtifact> getShown() {
        return getArtifacts().stream().limit(SHOWN).toList();
    }

    /** {@return how many more there are} */
    public int getHidden() {
        return Math.max(0, artifacts.size() - SHOWN);
    }

    /** {@return what the Pipeline step returned for each Artifact, for the remote API} */
    @Exported(name = "artifacts", visibility = 2)
    public List<MenderUploadResult> getResults() {
        return getArtifacts().stream().map(UploadedArtifact::getResult).toList();
    }

    /** {@return how many Artifacts there are, in words} */
    public String getHeadline() {
        return Messages.Uploads_headline(artifacts.size());
    }

    @Override
    public String getIconFileName() {
        return "symbol-mender-upload plugin-mender";
    }

    @Override
    public String getDisplayName() {
        return Messages.Uploads_displayName();
    }

    @Override
    public String getUrlName() {
        return "mender";
    }
}
