package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.config.ServerAccess;
import io.jenkins.plugins.mender.config.ServerCredentials;
import java.io.IOException;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Fills and checks what all forms have that name a server: the server and its credentials. Whoever may not configure the job learns nothing
 * of servers; which credentials there are is told to those as well who may use them.
 */
public abstract class ServerForm extends StepDescriptor {
    /**
     * Keeps a token that somebody gave as {@code credentialsId} from being kept with the build, as a step's arguments are.
     *
     * @param credentialsId what the step has in its place
     */
    static void forgetToken(String credentialsId, StepContext context) throws IOException, InterruptedException {
        FlowNode node = ServerCredentials.TOKEN.equals(credentialsId) ? context.get(FlowNode.class) : null;
        if (node != null) {
            node.removeActions(ArgumentsAction.class);
        }
    }

    /** {@return the configured servers; somebody without permission sees the current value alone} */
    @POST
    public ListBoxModel doFillServerItems(@AncestorInPath Item item, @QueryParameter String server) {
        return mayConfigure(item)
                ? ServerAccess.choices(server)
                : new StandardListBoxModel().includeCurrentValue(server);
    }

    /** Checks that the job may use a server. */
    @POST
    public FormValidation doCheckServerUrl(
            @AncestorInPath Item item,
            @QueryParameter String value,
            @QueryParameter String server,
            @QueryParameter String artifact,
            @QueryParameter String credentialsId) {
        return !mayConfigure(item) || isNew(value, server, artifact, credentialsId)
                ? FormValidation.ok()
                : ServerAccess.checkChoice(server, value);
    }

    /** {@return whether nobody has typed anything yet, so that there is nothing to complain of} */
    static boolean isNew(String... values) {
        return Stream.of(values).allMatch(value -> Util.fixEmptyAndTrim(value) == null);
    }

    /**
     * Lists the credentials that may be chosen.
     *
     * @param item the job that is being configured, or null
     * @param credentialsId the current value, which is all that somebody without permission sees
     * @param server the name of the server that the credentials are for
     * @param serverUrl its URL, when it has no name
     */
    @POST
    public ListBoxModel doFillCredentialsIdItems(
            @AncestorInPath Item item,
            @QueryParameter String credentialsId,
            @QueryParameter String server,
            @QueryParameter String serverUrl) {
        return mayUseCredentials(item)
                ? ServerCredentials.choicesOfJob(item, credentialsId, address(item, server, serverUrl))
                : new StandardListBoxModel().includeCurrentValue(credentialsId);
    }

    /** Checks that credentials exist for the job and the server, and are of a kind that will do. */
    @POST
    public FormValidation doCheckCredentialsId(
            @AncestorInPath Item item,
            @QueryParameter String value,
            @QueryParameter String server,
            @QueryParameter String serverUrl,
            @QueryParameter String artifact) {
        if (!mayUseCredentials(item) || isVariable(value) || isVariable(server) || isVariable(serverUrl)) {
            return FormValidation.ok();
        }
        if (isNew(value, server, serverUrl, artifact)) {
            return FormValidation.ok();
        }
        boolean empty = Util.fixEmptyAndTrim(value) == null;
        if (empty && (!mayConfigure(item) || ServerAccess.bringsCredentials(server, serverUrl))) {
            return FormValidation.ok();
        }
        return ServerCredentials.check(item, value, address(item, server, serverUrl));
    }

    /** Text with variables of the build, which only a build can judge. */
    static boolean isVariable(String text) {
        return text != null && text.contains("$");
    }

    /** The server's address as far as the user may know it: where a configured server is, is for those who may choose it. */
    private static String address(Item item, String server, String serverUrl) {
        return mayConfigure(item) ? ServerAccess.address(server, serverUrl) : MenderServer.withoutUser(serverUrl);
    }

    static boolean mayConfigure(Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
    }

    private static boolean mayUseCredentials(Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }
}
