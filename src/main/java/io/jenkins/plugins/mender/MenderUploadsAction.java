package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jenkins.model.RunAction2;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The Artifacts that a build uploaded: its summary on the build's page, a page of its own, and its part of the remote API. */
@ExportedBean
public final class MenderUploadsAction implements RunAction2 {
    /** How many Artifacts the build's page describes; the others are on the page of their own. */
    private static final int SHOWN = 5;

    private static final Set<String> SENT =
            Set.of(Outcome.UPLOADED.name(), Outcome.REPLACED.name(), Outcome.RECOVERED.name());

    private ArrayList<UploadedArtifact> artifacts = new ArrayList<>();
    private transient Run<?, ?> run;

    /**
     * Adds Artifacts to those of a run. One that is there already, since its step was resumed, is not added twice. Steps of a
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
            OptionalInt known = IntStream.range(0, all.size())
                    .filter(i -> all.get(i).isSameAs(artifact))
                    .findFirst();
            if (known.isEmpty()) {
                all.add(artifact);
            } else if (artifact.getFingerprint() != null) {
                all.set(known.getAsInt(), artifact); // was added when the run broke off, without a look at the file
            }
        }
        action.artifacts = all; // readers see the old list or the new one
    }

    /** {@return the ids of the Artifacts that a run sent} */
    static Set<String> uploadedBy(Run<?, ?> run) {
        MenderUploadsAction action = run.getAction(MenderUploadsAction.class);
        return (action == null ? List.<MenderUploadResult>of() : action.getResults())
                .stream()
                        .filter(result -> SENT.contains(result.getOutcome()))
                        .map(MenderUploadResult::getId)
                        .collect(Collectors.toSet());
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

    /** How many Artifacts a build uploaded, in the line below its title. */
    public static final class Summary extends Detail {
        private final MenderUploadsAction action;

        Summary(MenderUploadsAction action) {
            super(action.getRun());
            this.action = action;
        }

        @Override
        public String getIconClassName() {
            return action.getIconFileName();
        }

        @Override
        public String getDisplayName() {
            return action.getHeadline();
        }

        @Override
        public String getLink() {
            return Stapler.getCurrentRequest2().getContextPath()
                    + '/'
                    + action.getRun().getUrl()
                    + action.getUrlName()
                    + '/';
        }

        /** Makes the detail for builds that uploaded something. */
        @Extension
        @SuppressWarnings("rawtypes") // the factory is for runs of every kind of job
        public static final class Factory extends DetailFactory<Run> {
            @Override
            public Class<Run> type() {
                return Run.class;
            }

            @NonNull
            @Override
            public List<? extends Detail> createFor(@NonNull Run run) {
                MenderUploadsAction action = run.getAction(MenderUploadsAction.class);
                return action == null ? List.of() : List.of(new Summary(action));
            }
        }
    }
}
