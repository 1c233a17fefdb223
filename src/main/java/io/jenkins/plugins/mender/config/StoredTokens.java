package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.TokenRenewal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/**
 * The tokens that are kept as Secret text, in Jenkins' own store and in those of folders, and where else Jenkins itself gets
 * credentials from: all, or those that may be a certain server's. Servers that were cloned from each other have the same users and tokens, so
 * an id alone does not say whose a token is. Every call looks anew.
 */
final class StoredTokens implements TokenRenewal.Keeper {

    private static final Logger LOGGER = Logger.getLogger(StoredTokens.class.getName());

    /** The server; null for all of them. */
    private final ConfiguredServer server;

    StoredTokens(ConfiguredServer server) {
        this.server = server;
    }

    /**
     * Credentials that hold a token.
     *
     * @param store where they are stored; null when Jenkins only gets to read them
     * @param folder the full name of the folder whose store it is; empty for Jenkins' own
     * @param domain their domain
     * @param credentials the credentials
     * @param token the token
     */
    record Place(CredentialsStore store, String folder, Domain domain, StringCredentials credentials, Token token) {

        /** {@return what a user knows it by: the credentials' id, behind the folder's name} */
        String name() {
            return folder.isEmpty() ? credentials.getId() : folder + ": " + credentials.getId();
        }

        private boolean isWritable() {
            return store != null
                    && credentials.getClass() == StringCredentialsImpl.class
                    && store.hasPermission2(ACL.SYSTEM2, CredentialsProvider.UPDATE);
        }

        /** {@return the full names of the jobs that are known to have used the credentials} */
        List<String> jobs() {
            try {
                Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(credentials);
                return fingerprint == null ? List.of() : fingerprint.getJobs();
            } catch (IOException e) {
                return List.of();
            }
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** {@return all tokens, without those that are only for other servers} */
    List<Place> all() {
        List<Place> places = new ArrayList<>();
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (ModelObject owner : owners()) {
                addStored(owner, places);
            }
            Set<String> stored = places.stream()
                    .filter(place -> place.folder.isEmpty())
                    .map(place -> place.credentials.getId())
                    .collect(Collectors.toSet());
            for (StringCredentials text : CredentialsProvider.lookupCredentialsInItemGroup(
                    StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of())) {
                if (!stored.contains(text.getId())) {
                    token(text).ifPresent(token -> places.add(new Place(null, "", Domain.global(), text, token)));
                }
            }
        }
        if (server != null) {
            removeThoseOfOthers(places);
        }
        return places;
    }

    /** Credentials whose domain excludes the server are none of its own, nor are those that are configured for another one alone. */
    private void removeThoseOfOthers(List<Place> places) {
        List<DomainRequirement> requirements = ServerCredentials.requirements(server.getUrl());
        Map<String, Set<String>> urls = new HashMap<>();
        for (ConfiguredServer one : MenderConfiguration.get().getServers()) {
            urls.computeIfAbsent(one.getCredentialsId(), id -> new HashSet<>()).add(one.getUrl());
        }
        places.removeIf(place -> !place.domain.test(requirements)
                || place.folder.isEmpty()
                        && !urls.getOrDefault(place.credentials.getId(), Set.of(server.getUrl()))
                                .contains(server.getUrl()));
    }

    private static void addStored(ModelObject owner, List<Place> places) {
        String folder = owner instanceof Item item ? item.getFullName() : "";
        for (CredentialsStore store : stores(owner)) {
            for (Domain domain : store.getDomains()) {
                for (Credentials credentials : store.getCredentials(domain)) {
                    if (credentials instanceof StringCredentials text) {
                        token(text).ifPresent(token -> places.add(new Place(store, folder, domain, text, token)));
                    }
                }
            }
        }
    }

    private static Optional<Token> token(StringCredentials text) {
        try {
            return Optional.of(Token.of(text.getSecret().getPlainText()))
                    .filter(token -> token.isJwt() && !token.id().isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return Jenkins itself, and everything that can have a store like a folder's} */
    private static List<ModelObject> owners() {
        List<ModelObject> owners = new ArrayList<>(List.of(Jenkins.get()));
        Jenkins.get().allItems(Item.class, ItemGroup.class::isInstance).forEach(owners::add);
        return owners;
    }

    private static List<CredentialsStore> stores(ModelObject owner) {
        return CredentialsProvider.all().stream()
                .map(provider -> provider.getStore(owner))
                .filter(Objects::nonNull)
                .toList();
    }

    /** {@return the full names of the folders that credentials can be stored in} */
    static List<String> folders() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return owners().stream()
                    .filter(Item.class::isInstance)
                    .filter(owner -> !stores(owner).isEmpty())
                    .map(owner -> ((Item) owner).getFullName())
                    .toList();
        }
    }

    /** {@return the tokens that are a server's: those in its credentials and in credentials whose domain names its host} */
    List<Place> of(ConfiguredServer server, List<Place> all) {
        List<DomainRequirement> requirements = ServerCredentials.requirements(server.getUrl());
        Set<String> ids = all.stream()
                .filter(place -> place.domain.test(requirements))
                .filter(place -> namesHosts(place.domain)
                        || place.folder.isEmpty() && place.credentials.getId().equals(server.getCredentialsId()))
                .map(place -> place.token.id())
                .collect(Collectors.toSet());
        return all.stream().filter(place -> ids.contains(place.token.id())).toList();
    }

    private static boolean namesHosts(Domain domain) {
        return domain.getSpecifications().stream()
                .anyMatch(one -> one instanceof HostnameSpecification || one instanceof HostnamePortSpecification);
    }

    @Override
    public Optional<Token> find(String tokenId) {
        return all().stream()
                .map(Place::token)
                .filter(token -> token.id().equals(tokenId))
                .findFirst();
    }

    @Override
    public boolean isKeptByAnybody(String tokenId) {
        return new StoredTokens(null).find(tokenId).isPresent();
    }

    @Override
    public Optional<Token> ofUser(String userId) {
        return of(server, all()).stream()
                .map(Place::token)
                .filter(token -> token.userId().equals(userId))
                .findFirst();
    }

    @Override
    public List<String> unwritable(String tokenId) {
        return all().stream()
                .filter(place -> place.token.id().equals(tokenId) && !place.isWritable())
                .map(Place::name)
                .toList();
    }

    @Override
    public void replace(String oldId, Token token) throws IOException {
        IOException failure = null;
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (Place place : all()) {
                try {
                    if (place.token.id().equals(oldId) && !(place.isWritable() && update(place, token))) {
                        throw new IOException("read-only: " + place.name());
                    }
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static boolean update(Place place, Token token) throws IOException {
        StringCredentialsImpl renewed = new StringCredentialsImpl(
                place.credentials.getScope(),
                place.credentials.getId(),
                place.credentials.getDescription(),
                Secret.fromString(token.value()));
        Fingerprint usage = CredentialsProvider.getFingerprintOf(place.credentials);
        boolean updated = place.store.updateCredentials(place.domain, place.credentials, renewed);
        if (updated && usage != null) {
            keepUsage(usage, renewed);
        }
        return updated;
    }

    /** Jenkins knows credentials by what they hold, and takes them for others once that has changed. The last build of each job will do. */
    private static void keepUsage(Fingerprint usage, Credentials renewed) {
        try {
            Fingerprint fingerprint = CredentialsProvider.getOrCreateFingerprintOf(renewed);
            for (String job : usage.getJobs()) {
                Fingerprint.RangeSet builds = usage.getRangeSet(job);
                if (!builds.isEmpty()) {
                    fingerprint.add(job, builds.max() - 1);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.INFO, e, () -> "Cannot note which jobs use " + renewed.getClass());
        }
    }

    /**
     * Looks for a place for a new token.
     *
     * @param folder the full name of a folder; empty for Jenkins' own store
     * @param id the id of credentials: those of the store that are Secret text, or new ones
     * @return what takes the token
     * @throws ConfigurationProblem when there is no such store, or the credentials of that id are none to write
     */
    static TokenRenewal.Place place(String folder, String id) throws ConfigurationProblem {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            ModelObject owner = folder.isEmpty() ? Jenkins.get() : Jenkins.get().getItemByFullName(folder, Item.class);
            CredentialsStore store = owner == null
                    ? null
                    : stores(owner).stream()
                            .filter(one -> one.hasPermission2(ACL.SYSTEM2, CredentialsProvider.CREATE))
                            .findFirst()
                            .orElse(null);
            if (store == null) {
                throw new ConfigurationProblem(Messages.Tokens_noStore(folder));
            }
            for (Domain domain : store.getDomains()) {
                for (Credentials credentials : store.getCredentials(domain)) {
                    if (credentials instanceof IdCredentials there
                            && there.getId().equals(id)) {
                        if (credentials.getClass() != StringCredentialsImpl.class) {
                            throw new ConfigurationProblem(Messages.Tokens_otherKind(
                                    id, credentials.getDescriptor().getDisplayName()));
                        }
                        StringCredentialsImpl text = (StringCredentialsImpl) credentials;
                        return token -> written(() -> update(new Place(store, folder, domain, text, token), token));
                    }
                }
            }
            return token -> written(() -> store.addCredentials(
                    Domain.global(),
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(token.value()))));
        }
    }

    @FunctionalInterface
    private interface Writing {
        boolean write() throws IOException;
    }

    private static void written(Writing writing) throws IOException {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            if (!writing.write()) {
                throw new IOException("not written");
            }
        }
    }
}
