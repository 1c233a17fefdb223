package io.jenkins.plugins.mender.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.HttpResponses;
import io.jenkins.plugins.mender.api.PersonalAccessToken;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.TokenValidity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.ForwardToView;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.verb.POST;

/**
 * The page "Mender tokens" under Manage Jenkins: the tokens of the configured servers, and who uses them. It shows what is known; a server
 * is asked when an administrator wants that. No token's value is ever on it.
 */
@Extension
@Symbol("menderTokens")
public final class MenderTokens extends ManagementLink implements StaplerProxy {
    private static final int LIMIT = 200;

    /** The lifetimes to choose from, in days; 0 for ever. */
    private static final List<Integer> LIFETIMES = List.of(365, 180, 90, 30, 0);

    /**
     * A server and its tokens.
     *
     * @param server the server
     * @param listed what it listed when it was asked last, or null
     * @param rows its tokens
     */
    public record Section(ConfiguredServer server, TokenCare.Listed listed, List<Row> rows) {
        /** {@return the name that jobs choose the server by} */
        public String getName() {
            return server.getName();
        }

        /** {@return its address} */
        public String getUrl() {
            return server.getUrl();
        }

        /** {@return its tokens} */
        public List<Row> getRows() {
            return rows;
        }

        /** {@return who the tokens belong to and when the server was asked; null when it was not} */
        public String getOwner() {
            return listed == null ? null : Messages.MenderTokens_owner(listed.user(), time(listed.time()));
        }

        /** {@return whether its tokens are renewed by themselves} */
        public boolean isRenewed() {
            return server.isRenewTokens();
        }
    }

    /**
     * A token. One that Jenkins keeps and the server has not listed is known by what it says of itself.
     *
     * @param token the token; its name is empty when the server has not told it
     * @param places where it is kept
     * @param wasListed whether the server was asked and told of it; null when it was not asked
     * @param revocation when it is going to be revoked, since it was replaced; null when it is not
     */
    public record Row(
            PersonalAccessToken token, List<StoredTokens.Place> places, Boolean wasListed, Instant revocation) {
        /** {@return the token's id} */
        public String getId() {
            return token.id();
        }

        /** {@return its name, or what else there is to say} */
        public String getName() {
            if (!token.name().isEmpty()) {
                return PlainText.oneLine(token.name(), LIMIT);
            }
            return wasListed == null ? Messages.MenderTokens_notAsked() : Messages.MenderTokens_session();
        }

        /** {@return when it was created, or what cannot be told} */
        public String getCreated() {
            return day(token.created());
        }

        /** {@return when it was last used, or what cannot be told} */
        public String getLastUsed() {
            return day(token.lastUsed());
        }

        /** {@return when it expires} */
        public String getExpires() {
            String end = new TokenValidity(token.expires(), TokenCare.now()).text();
            return revocation == null ? end : Messages.MenderTokens_replaced(time(revocation));
        }

        /** {@return the credentials that hold it} */
        public List<String> getCredentials() {
            return places.stream().map(StoredTokens.Place::name).toList();
        }

        /** {@return the jobs that are known to have used them} */
        public Collection<String> getJobs() {
            TreeSet<String> jobs = new TreeSet<>();
            places.forEach(place -> jobs.addAll(place.jobs()));
            return jobs;
        }

        /** {@return whether Jenkins keeps it and can renew it} */
        public boolean isRenewable() {
            return !places.isEmpty() && revocation == null && !Boolean.FALSE.equals(wasListed);
        }

        /** {@return whether the server told of it, so that it can be revoked} */
        public boolean isRevocable() {
            return Boolean.TRUE.equals(wasListed);
        }

        private static String day(Instant time) {
            return time == null
                    ? ""
                    : LocalDate.ofInstant(time, ZoneId.systemDefault()).toString();
        }
    }

    @Override
    public String getIconFileName() {
        return "symbol-key";
    }

    @Override
    public String getDisplayName() {
        return Messages.MenderTokens_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.MenderTokens_description();
    }

    @Override
    public String getUrlName() {
        return "mender-tokens";
    }

    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.MANAGE;
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    /** {@return this page, to those who may see it} */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return this;
    }

    /** {@return a section for each configured server} */
    public List<Section> getSections() {
        TokenCare care = TokenCare.get();
        List<StoredTokens.Place> all = care.stored().all();
        return MenderConfiguration.get().getServers().stream()
                .map(server -> section(care, server, all))
                .toList();
    }

    private static Section section(TokenCare care, ConfiguredServer server, List<StoredTokens.Place> all) {
        Optional<TokenCare.Listed> listed = care.listed(server);
        Map<String, PersonalAccessToken> tokens = new LinkedHashMap<>();
        listed.ifPresent(known -> known.tokens().forEach(token -> tokens.put(token.id(), token)));
        for (StoredTokens.Place place : care.stored().of(server, all)) {
            Token token = place.token();
            tokens.putIfAbsent(
                    token.id(),
                    new PersonalAccessToken(
                            token.id(),
                            "",
                            token.issuedAt().orElse(null),
                            null,
                            token.expiresAt().orElse(null)));
        }
        Map<String, List<StoredTokens.Place>> places = all.stream()
                .collect(Collectors.groupingBy(place -> place.token().id()));
        List<Row> rows = new ArrayList<>();
        for (PersonalAccessToken token : tokens.values()) {
            rows.add(new Row(
                    token,
                    places.getOrDefault(token.id(), List.of()),
                    listed.map(known -> !token.name().isEmpty()).orElse(null),
                    care.revocation(token.id()).orElse(null)));
        }
        return new Section(server, listed.orElse(null), rows);
    }

    /** {@return the lifetimes to choose from, in days; 0 for ever} */
    public List<Integer> getLifetimes() {
        return LIFETIMES;
    }

    /** {@return the words for a lifetime} */
    public String lifetime(int days) {
        return days == 0 ? Messages.MenderTokens_forEver() : Messages.MenderTokens_days(days);
    }

    /** {@return the folders that credentials can be stored in, by their full names} */
    public List<String> getFolders() {
        return StoredTokens.folders();
    }

    /** {@return the name of a token that is created today} */
    public String getDefaultName() {
        return TokenCare.defaultName();
    }

    /** Asks a server for its tokens. */
    @POST
    public HttpResponse doList(@QueryParameter String server) throws InterruptedException {
        return act(() -> TokenCare.get().list(server(server)));
    }

    /** Creates a token and puts it into credentials of Jenkins' own store or of a folder's. */
    @POST
    public HttpResponse doCreate(
            @QueryParameter String server,
            @QueryParameter String name,
            @QueryParameter int lifetimeDays,
            @QueryParameter String folder,
            @QueryParameter String credentialsId)
            throws InterruptedException {
        return act(() -> {
            ConfiguredServer chosen = server(server);
            String tokenName = Util.fixNull(name).strip();
            String id = Util.fixNull(credentialsId).strip();
            require(
                    !tokenName.isEmpty() && tokenName.length() <= PersonalAccessToken.NAME_CHARS,
                    Messages.Tokens_name());
            require(LIFETIMES.contains(lifetimeDays), Messages.Tokens_lifetime());
            require(id.equals(ServerCredentials.withoutToken(id)), Messages.CredentialsId_token());
            require(!id.isEmpty(), Messages.Tokens_noId());
            String place = Util.fixNull(folder);
            TokenCare.get()
                    .create(
                            chosen,
                            tokenName,
                            lifetimeDays,
                            StoredTokens.place(place, id),
                            place.isEmpty() ? id : place + ": " + id);
        });
    }

    /** Renews a token wherever Jenkins keeps it. */
    @POST
    public HttpResponse doRenew(@QueryParameter String server, @QueryParameter String id) throws InterruptedException {
        return act(() -> {
            ConfiguredServer chosen = server(server);
            row(chosen, id);
            TokenCare.get().renew(chosen, id);
        });
    }

    /**
     * Asks whether a token is to be revoked, and revokes it when that is confirmed: for a token that Jenkins uses, with its name.
     *
     * @param server the server's name
     * @param id the token's id
     * @param confirmation null when it was not asked yet; the token's name, or for one that Jenkins does not use anything
     */
    @POST
    public HttpResponse doRevoke(
            @QueryParameter String server, @QueryParameter String id, @QueryParameter String confirmation)
            throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Row row;
        try {
            row = row(server(server), id);
            require(row.isRevocable(), Messages.Tokens_notListed());
        } catch (ConfigurationProblem e) {
            return page("index", Map.of("problem", e.getMessage()));
        }
        Map<String, Object> question = new LinkedHashMap<>(Map.of("server", server, "row", row));
        if (confirmation == null) {
            return page("confirmation", question);
        }
        if (!row.places().isEmpty()
                && !confirmation.strip().equals(row.token().name().strip())) {
            question.put("problem", Messages.Tokens_otherName());
            return page("confirmation", question);
        }
        return act(() -> TokenCare.get().revoke(server(server), row.token()));
    }

    /** Something that an administrator asked for. */
    @FunctionalInterface
    private interface Act {
        void run() throws ConfigurationProblem, InterruptedException;
    }

    private HttpResponse act(Act act) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            act.run();
            return HttpResponses.redirectToDot();
        } catch (ConfigurationProblem e) {
            return page("index", Map.of("problem", e.getMessage()));
        }
    }

    private HttpResponse page(String view, Map<String, ?> variables) {
        return new ForwardToView(this, view + ".jelly").with(variables);
    }

    private static ConfiguredServer server(String name) throws ConfigurationProblem {
        return MenderConfiguration.get().server(Util.fixNull(name));
    }

    private static Row row(ConfiguredServer server, String id) throws ConfigurationProblem {
        TokenCare care = TokenCare.get();
        return section(care, server, care.stored().all()).rows().stream()
                .filter(row -> row.getId().equals(id))
                .findFirst()
                .orElseThrow(() -> new ConfigurationProblem(Messages.Tokens_notListed()));
    }

    private static void require(boolean condition, String message) throws ConfigurationProblem {
        if (!condition) {
            throw new ConfigurationProblem(message);
        }
    }

    private static String time(Instant time) {
        return time.atZone(ZoneId.systemDefault())
                .toLocalDateTime()
                .withNano(0)
                .toString()
                .replace('T', ' ');
    }
}
