package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import java.util.List;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import org.kohsuke.stapler.Stapler;

/** How many Artifacts a build uploaded, in the line below its title. */
public final class MenderUploadsDetail extends Detail {
    private final MenderUploadsAction action;

    MenderUploadsDetail(MenderUploadsAction action) {
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
            return action == null ? List.of() : List.of(new MenderUploadsDetail(action));
        }
    }
}
