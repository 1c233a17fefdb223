package io.jenkins.plugins.mender.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.PlainText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The section "Mender" under Manage Jenkins > System: which servers there are, and whether jobs may name others. */
@Extension
@Symbol("mender")
public final class MenderConfiguration extends GlobalConfiguration {
    private static final int NAME_LIMIT = 200;

    private List<ConfiguredServer> servers = new ArrayList<>();
    private String defaultServer;
    private boolean onlyConfiguredServers;
    private ProxyRoute proxy;

    /** Reads what was saved. */
    public MenderConfiguration() {
        load();
    }

    /** {@return the configuration of this Jenkins} */
    public static MenderConfiguration get() {
        return ExtensionList.lookupSingleton(MenderConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.MenderConfiguration_displayName();
    }

    /** {@return the servers, in the order of the form} */
    public List<ConfiguredServer> getServers() {
        return List.copyOf(servers);
    }

    /** Sets the servers. */
    @DataBoundSetter
    public void setServers(List<ConfiguredServer> servers) {
        this.servers = new ArrayList<>(servers);
    }

    /** {@return the name of the server for jobs that name none, or null; one that is alone needs no such mark} */
    public String getDefaultServer() {
        return defaultServer;
    }

    /** Sets the name of the server for jobs that name none. */
    @DataBoundSetter
    public void setDefaultServer(String defaultServer) {
        this.defaultServer = Util.fixEmptyAndTrim(defaultServer);
    }

    /** {@return whether jobs may use no other servers than these} */
    public boolean isOnlyConfiguredServers() {
        return onlyConfiguredServers;
    }

    /** Sets whether jobs may use no other servers than these. */
    @DataBoundSetter
    public void setOnlyConfiguredServers(boolean onlyConfiguredServers) {
        this.onlyConfiguredServers = onlyConfiguredServers;
    }

    /** {@return the way to servers that jobs give by their URL, never null} */
    public ProxyRoute getProxy() {
        return proxy == null ? ProxyRoute.JENKINS : proxy;
    }

    /** Sets the way to servers that jobs give by their URL. */
    @DataBoundSetter
    public void setProxy(ProxyRoute proxy) {
        this.proxy = proxy;
    }

    @Override
    public boolean configure(StaplerRequest2 request, JSONObject form) throws FormException {
        List<ConfiguredServer> serversBefore = servers;
        String defaultBefore = defaultServer;
        boolean onlyBefore = onlyConfiguredServers;
        ProxyRoute proxyBefore = proxy;
        servers = new ArrayList<>(); // the setter is not called when the last server was removed
        request.bindJSON(this, form);
        Optional<String> doubled = doubledName();
        if (doubled.isPresent()) {
            servers = serversBefore;
            defaultServer = defaultBefore;
            onlyConfiguredServers = onlyBefore;
            proxy = proxyBefore;
            throw new FormException(Messages.Server_doubled(doubled.get()), "servers");
        }
        save();
        return true;
    }

    private Optional<String> doubledName() {
        Set<String> seen = new HashSet<>();
        return servers.stream()
                .map(ConfiguredServer::getName)
                .filter(name -> !seen.add(name))
                .findFirst();
    }

    /**
     * Finds a server.
     *
     * @param name its name, or null for the default one
     * @return the server
     * @throws ConfigurationProblem when there is none of that name, or no default one
     */
    ConfiguredServer server(String name) throws ConfigurationProblem {
        if (name != null) {
            return named(name)
                    .orElseThrow(() -> new ConfigurationProblem(
                            Messages.Server_unknown(oneLine(MenderServer.withoutUser(name)), names())));
        }
        if (servers.isEmpty()) {
            throw new ConfigurationProblem(Messages.Server_none());
        }
        if (defaultServer != null) {
            return named(defaultServer)
                    .orElseThrow(() ->
                            new ConfigurationProblem(Messages.Server_unknownDefault(oneLine(defaultServer), names())));
        }
        if (servers.size() > 1) {
            throw new ConfigurationProblem(Messages.Server_noDefault(names()));
        }
        return servers.get(0);
    }

    /** {@return the configured server that an address leads to} */
    Optional<ConfiguredServer> serverAt(MenderServer address) {
        return servers.stream().filter(server -> server.isAt(address)).findFirst();
    }

    /** {@return the names of all servers, for a message} */
    String names() {
        return servers.stream().map(server -> oneLine(server.getName())).collect(Collectors.joining(", "));
    }

    private Optional<ConfiguredServer> named(String name) {
        return servers.stream().filter(server -> server.getName().equals(name)).findFirst();
    }

    private static String oneLine(String name) {
        return PlainText.oneLine(name, NAME_LIMIT);
    }

    /** {@return the names that can be the default: those that were saved, and the current value even if it is none of them} */
    @POST
    public ListBoxModel doFillDefaultServerItems(@QueryParameter String defaultServer) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        ListBoxModel list = new ListBoxModel();
        list.add(
                servers.size() == 1
                        ? Messages.DefaultServer_only(servers.get(0).getName())
                        : Messages.DefaultServer_none(),
                "");
        Stream.concat(servers.stream().map(ConfiguredServer::getName), Stream.of(Util.fixNull(defaultServer)))
                .filter(name -> !name.isEmpty())
                .distinct()
                .forEach(list::add);
        return list;
    }

    /** {@return the ways to servers that jobs give by their URL} */
    @POST
    public ListBoxModel doFillProxyItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return ProxyRoute.choices();
    }

    /** Checks that a default server is among those that were saved. */
    @POST
    public FormValidation doCheckDefaultServer(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String name = Util.fixEmptyAndTrim(value);
        return name == null || named(name).isPresent()
                ? FormValidation.ok()
                : FormValidation.warning(Messages.Server_notSaved(oneLine(name)));
    }
}
