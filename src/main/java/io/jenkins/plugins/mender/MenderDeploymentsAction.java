package io.jenkins.plugins.mender;

import hudson.model.Action;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The deployments of a build: its summary on the build's page, and its part of the remote API. */
@ExportedBean
public final class MenderDeploymentsAction implements Action {
    private ArrayList<MenderDeployResult> deployments = new ArrayList<>();

    /**
     * Puts a deployment in place of what was known of it before. Steps of a run may call it at the same time.
     *
     * @param run the run, which is not saved here
     * @return whether it is new
     */
    static synchronized boolean put(Run<?, ?> run, MenderDeployResult result) {
        MenderDeploymentsAction action = run.getAction(MenderDeploymentsAction.class);
        if (action == null) {
            action = new MenderDeploymentsAction();
            run.addAction(action);
        }
        ArrayList<MenderDeployResult> all = new ArrayList<>(action.deployments);
        boolean known = all.stream().anyMatch(result::isSameAs);
        if (known) {
            all.replaceAll(one -> result.isSameAs(one) ? result : one);
        } else {
            all.add(result);
        }
        action.deployments = all; // readers see the old list or the new one
        return !known;
    }

    /** {@return the deployments, in the order in which they began} */
    @Exported(visibility = 2)
    public List<MenderDeployResult> getDeployments() {
        return List.copyOf(deployments);
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return Messages.Deployments_displayName();
    }

    @Override
    public String getUrlName() {
        return null;
    }
}
