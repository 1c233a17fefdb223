package io.jenkins.plugins.mender.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.jenkins.plugins.mender.Administration;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.core.Authentication;

/** The life of tokens in Jenkins: created and revoked by an administrator, renewed by themselves, and told nowhere. */
@WithJenkins
class TokenCareTest {
    private static final String TOKENS = "/api/management/v1/useradm/settings/tokens";
    private static final String CREATE = "POST " + TOKENS;
    private static final Duration DAY = Duration.ofHours(24).plusMinutes(1);

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private final LogRecorder logs = new LogRecorder()
            .record("io.jenkins.plugins.mender", Level.ALL)
            .record("org.apache.hc", Level.ALL)
            .capture(1_000_000);

    private Instant now = Instant.now();
    private final List<String> log = new ArrayList<>();

    TokenCareTest() {
        InstantSource clock = () -> now;
        server.follow(clock);
        TokenCare.follow(clock);
    }

    @AfterEach
    void goWithTheTime() {
        TokenCare.follow(InstantSource.system());
    }

    private ConfiguredServer configured(String name, String credentialsId) {
        ConfiguredServer configured = Administration.server(name, server.url(), credentialsId, null);
        configured.setRenewTokens(true);
        return configured;
    }

    private static StringCredentialsImpl text(String id, String token) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "of " + id, Secret.fromString(token));
    }

    private static String token(String id) {
        return ((StringCredentials) ServerCredentials.lookUp(id, List.of()).orElseThrow())
                .getSecret()
                .getPlainText();
    }

    private static CredentialsStore storeOf(Folder folder) {
        return CredentialsProvider.all().stream()
                .map(provider -> provider.getStore(folder))
                .filter(store -> store != null)
                .findFirst()
                .orElseThrow();
    }

    /** What the hourly work does. */
    private void run() throws InterruptedException {
        TokenCare.get().renewWhatExpires(log::add);
    }

    private static List<String> problems() {
        return ExtensionList.lookupSingleton(ExpiringTokens.class).getProblems();
    }

    private static HtmlPage page(JenkinsRule rule) throws Exception {
        return rule.createWebClient().goTo("manage/mender-tokens/");
    }

    private static HtmlPage press(JenkinsRule rule, HtmlForm form) throws Exception {
        return rule.submit(form);
    }

    private void assertSecret(JenkinsRule rule, List<String> secrets) throws IOException {
        for (String secret : secrets) {
            List<Path> found;
            try (Stream<Path> files = Files.walk(rule.jenkins.getRootDir().toPath())) {
                found = files.filter(Files::isRegularFile)
                        .filter(file -> holds(file, secret))
                        .toList();
            }
            assertThat(found, is(empty()));
            assertThat(String.join("\n", logs.getMessages()), not(containsString(secret)));
            assertThat(String.join("\n", log), not(containsString(secret)));
            assertThat(String.join("\n", problems()), not(containsString(secret)));
        }
    }

    private static boolean holds(Path file, String secret) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret);
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    @Test
    void anAdministratorCreatesUsesRenewsAndRevokesAToken(JenkinsRule rule) throws Exception {
        MenderJenkins.store(new UsernamePasswordCredentialsImpl(
                CredentialsScope.GLOBAL, "login", "", server.user(), server.password()));
        Administration.configure(Administration.server("production", server.url(), "login", null));
        HtmlForm form = page(rule).getFormByName("create-production");
        assertThat(form.getInputByName("name").getValue(), startsWith("jenkins-"));
        form.getInputByName("name").setValue("ci");
        form.getSelectByName("lifetimeDays").setSelectedAttribute("90", true);
        form.getInputByName("credentialsId").setValue("mender-pat");
        HtmlPage created = press(rule, form);
        String first = token("mender-pat");
        assertThat(server.accepts(first), is(true));
        assertThat(
                Duration.between(now, Token.of(first).expiresAt().orElseThrow()).toDays(), is(89L));
        Administration.configure(Administration.server("production", server.url(), "mender-pat", null));

        FreeStyleProject job = rule.createFreeStyleProject("nightly");
        job.getBuildersList().add(MenderJenkins.builder("build/*.mender", server.url(), "mender-pat"));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        rule.buildAndAssertSuccess(job);
        server.clear();

        assertThat(
                page(rule).asNormalizedText(),
                containsString("The server has not been asked")); // with these credentials
        String before = press(rule, page(rule).getFormByName("list-production")).asNormalizedText();
        assertThat(before, allOf(containsString("ci@example.com"), containsString("expires in 90 days")));
        assertThat(before.replaceAll("\\s+", " "), containsString("mender-pat 1 Renew"));
        HtmlPage renewed =
                press(rule, page(rule).getFormByName("renew-" + Token.of(first).id()));
        String second = token("mender-pat");
        assertThat(second, is(not(first)));
        assertThat(renewed.asNormalizedText(), containsString("replaced, is revoked at"));
        assertThat(renewed.asNormalizedText().replaceAll("\\s+", " "), containsString("mender-pat 1 Renew"));
        rule.buildAndAssertSuccess(job);
        assertThat(server.artifacts(), hasSize(1));
        assertThat(page(rule).asNormalizedText().replaceAll("\\s+", " "), containsString("mender-pat 1 Renew"));

        String form2 = "revoke-" + Token.of(second).id();
        HtmlPage question = press(rule, page(rule).getFormByName(form2));
        assertThat(question.asNormalizedText(), allOf(containsString("nightly"), containsString("mender-pat")));
        question.getFormByName("revoke").getInputByName("confirmation").setValue("something else");
        HtmlPage refused = press(rule, question.getFormByName("revoke"));
        assertThat(refused.asNormalizedText(), containsString("nothing was revoked"));
        assertThat(server.accepts(second), is(true));
        String name = server.personalTokenNames().get(1);
        refused.getFormByName("revoke").getInputByName("confirmation").setValue(name);
        press(rule, refused.getFormByName("revoke"));
        assertThat(server.accepts(second), is(false));

        assertThat(
                logs.getMessages().stream()
                        .filter(line -> line.startsWith("SYSTEM ") || line.startsWith("anonymous "))
                        .map(line -> line.replaceAll("^\\w+ (\\w+).*", "$1"))
                        .toList(),
                contains("created", "renewed", "revoked"));
        for (HtmlPage shown : List.of(created, renewed, question, refused, page(rule))) {
            String source = shown.getWebResponse().getContentAsString();
            assertThat(source, not(containsString(first)));
            assertThat(source, not(containsString(second)));
        }
        assertSecret(rule, List.of(first, second, server.password()));
    }

    @Test
    void theLogSaysWhoDidWhat(JenkinsRule rule) throws Exception {
        MenderJenkins.store(text("admin", server.personalToken("admin", now.plus(Duration.ofDays(20)))));
        Administration.configure(configured("production", "admin"));
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice"));
        JenkinsRule.WebClient browser = rule.createWebClient().login("alice");
        HtmlForm form = browser.goTo("manage/mender-tokens/").getFormByName("create-production");
        form.getInputByName("name").setValue("ci");
        form.getInputByName("credentialsId").setValue("pat");
        HtmlPage created = rule.submit(form);
        String first = token("pat");
        HtmlPage question =
                rule.submit(created.getFormByName("revoke-" + Token.of(first).id()));
        question.getFormByName("revoke").getInputByName("confirmation").setValue("ci");
        rule.submit(question.getFormByName("revoke"));
        run();
        String where = " of the Mender Server 'production', in credentials ";
        assertThat(
                logs.getMessages().stream().filter(line -> line.contains(where)).toList(),
                contains(
                        is("alice created the token 'ci' (" + Token.of(first).id() + ")" + where + "pat"),
                        is("alice revoked the token 'ci' (" + Token.of(first).id() + ")" + where + "pat"),
                        startsWith("SYSTEM renewed the token ")));
        assertSecret(rule, List.of(first, token("admin")));
    }

    @Test
    void badInputIsSaidOnThePage(JenkinsRule rule) throws Exception {
        MenderJenkins.store(text("pat", server.personalToken("ci", null)));
        MenderJenkins.store(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", "u", "p"));
        Administration.configure(Administration.server("production", server.url(), "pat", null));
        assertThat(create(rule, "", "new"), containsString("'Name' is empty"));
        assertThat(create(rule, "x", ""), containsString("'ID of the credentials' is empty"));
        assertThat(create(rule, "x", "login"), containsString("of the kind 'Username with password'"));
        assertThat(create(rule, "ci", "new"), containsString("The name is taken (ci)"));
        String secret = server.token();
        String answer = create(rule, "x", secret);
        assertThat(answer, containsString("holds a token"));
        assertThat(answer, not(containsString(secret)));
        server.answer(CREATE, Reply.error(403, "denied " + token("pat")));
        assertThat(create(rule, "x", "new"), allOf(containsString("single sign-on"), containsString("denied ****")));
        assertThat(server.personalTokenNames(), contains("ci"));
        assertSecret(rule, List.of(secret, token("pat")));
    }

    private static String create(JenkinsRule rule, String name, String id) throws Exception {
        HtmlForm form = page(rule).getFormByName("create-production");
        form.getInputByName("name").setValue(name);
        form.getInputByName("credentialsId").setValue(id);
        return press(rule, form).asNormalizedText();
    }

    @Test
    void aTokenGoesIntoAFoldersStoreAndIntoCredentialsThatAreThere(JenkinsRule rule) throws Exception {
        Folder folder = rule.jenkins.createProject(Folder.class, "team");
        storeOf(folder).addCredentials(Domain.global(), text("pat", "nothing yet"));
        MenderJenkins.store(text("admin", server.personalToken("admin", null)));
        Administration.configure(Administration.server("production", server.url(), "admin", null));
        HtmlForm form = page(rule).getFormByName("create-production");
        form.getSelectByName("folder").setSelectedAttribute("team", true);
        form.getInputByName("credentialsId").setValue("pat");
        press(rule, form);
        List<Credentials> stored = storeOf(folder).getCredentials(Domain.global());
        assertThat(stored, hasSize(1));
        StringCredentials text = (StringCredentials) stored.get(0);
        assertThat(text.getDescription(), is("of pat"));
        assertThat(server.accepts(text.getSecret().getPlainText()), is(true));
        assertThat(page(rule).asNormalizedText(), containsString("team: pat"));
    }

    @Test
    void whatIsAboutToExpireIsRenewedEverywhereByItself(JenkinsRule rule) throws Exception {
        String old = server.personalToken("old", now.plus(Duration.ofDays(29)));
        Folder folder = rule.jenkins.createProject(Folder.class, "team");
        storeOf(folder).addCredentials(Domain.global(), text("copy", old));
        MenderJenkins.store(text("pat", old));
        MenderJenkins.store(text("long", server.personalToken("long", now.plus(Duration.ofDays(31)))));
        MenderJenkins.store(text("endless", server.personalToken("endless", null)));
        MenderJenkins.store(text("off", old));
        ConfiguredServer off = configured("off", "off");
        off.setRenewTokens(false);
        Administration.configure(off);
        run();
        assertThat(server.exchanges(), is(empty()));

        Administration.configure(configured("one", "pat"), configured("two", "long"), configured("three", "endless"));
        run();
        String renewed = token("pat");
        assertThat(renewed, is(not(old)));
        StringCredentials copy = (StringCredentials)
                storeOf(folder).getCredentials(Domain.global()).get(0);
        assertThat(copy.getSecret().getPlainText(), is(renewed));
        assertThat(copy.getDescription(), is("of copy"));
        assertThat(log, contains("one: renewed the token in credentials pat, off, team: copy."));
        assertThat(server.personalTokenNames().get(3), startsWith("jenkins-"));
        assertThat(server.accepts(old), is(true));
        int asked = server.exchanges().size();
        run();
        now = now.plus(Duration.ofHours(23));
        run();
        assertThat(server.exchanges(), hasSize(asked));

        // as after a restart
        now = now.plus(Duration.ofHours(2));
        new TokenCare().renewWhatExpires(log::add);
        assertThat(server.accepts(old), is(false));
        assertThat(server.accepts(renewed), is(true));
        assertThat(problems(), is(empty()));
        assertThat(logs.getMessages(), hasItem(startsWith("SYSTEM ")));
        assertSecret(rule, List.of(old, renewed));
    }

    @Test
    void aLostAnswerIsCleanedUpAfterARestart(JenkinsRule rule) throws Exception {
        String old = server.personalToken("old", now.plus(Duration.ofDays(10)));
        MenderJenkins.store(text("pat", old));
        Administration.configure(configured("one", "pat"));
        List<String> lost = new ArrayList<>();
        server.answer(CREATE, () -> {
            lost.add(server.personalToken(TokenCare.defaultName(), null));
            return Reply.html(504, "Gateway Timeout");
        });
        run();
        assertThat(problems(), contains(containsString("one: the token in credentials pat: The server answered")));
        assertThat(server.personalTokenNames(), hasSize(2));
        server.recover();
        now = now.plus(DAY);
        TokenCare restarted = new TokenCare();
        restarted.renewWhatExpires(log::add);
        assertThat(server.accepts(lost.get(0)), is(false));
        assertThat(server.accepts(token("pat")), is(true));
        assertThat(token("pat"), is(not(old)));
        assertThat(restarted.problems(), is(empty()));
        now = now.plus(DAY);
        restarted.renewWhatExpires(log::add);
        assertThat(server.personalTokenNames(), hasSize(1));
        assertSecret(rule, List.of(old, lost.get(0), token("pat")));
    }

    @Test
    void whatCannotBeDoneIsToldToAdministrators(JenkinsRule rule) throws Exception {
        MenderJenkins.store(text("pat", server.personalToken("ci", now.plus(Duration.ofDays(10)))));
        Administration.configure(configured("one", "pat"));
        server.answer(CREATE, Reply.error(403, "access denied " + token("pat")));
        run();
        run();
        assertThat(problems(), contains(containsString("may not manage tokens (HTTP 403: access denied ****)")));
        assertThat(log, hasSize(1));
        assertThat(
                server.exchanges().stream()
                        .filter(e -> e.request().equals(CREATE))
                        .toList(),
                hasSize(1));
        String page = rule.createWebClient().goTo("manage").getWebResponse().getContentAsString();
        assertThat(page, containsString("may not manage tokens"));
        server.recover();

        for (int i = 0; i < 9; i++) {
            server.personalToken("by hand " + i, null);
        }
        now = now.plus(DAY);
        run();
        assertThat(problems(), contains(containsString("Not used by Jenkins are: by hand 0, by hand 1")));

        MenderJenkins.store(text("pat2", server.token()));
        MenderJenkins.store(text("session", server.tokenUntil(now.plus(Duration.ofDays(6)))));
        Administration.configure(configured("one", "session"));
        run();
        assertThat(problems(), hasItem(containsString("none of its user's personal access tokens")));
        assertSecret(rule, List.of(token("pat"), token("session")));
    }

    /** Gives credentials that are stored somewhere else, like a vault. */
    @TestExtension("whatComesFromElsewhereIsNotRenewed")
    public static final class Vault extends CredentialsProvider {
        static String token;

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication user, List<DomainRequirement> requirements) {
            return token != null && type.isAssignableFrom(StringCredentialsImpl.class)
                    ? List.of(type.cast(text("vault", token)))
                    : List.of();
        }
    }

    @Test
    void whatComesFromElsewhereIsNotRenewed(JenkinsRule rule) throws Exception {
        Vault.token = server.personalToken("ci", now.plus(Duration.ofDays(10)));
        Administration.configure(configured("one", "vault"));
        run();
        assertThat(
                problems(),
                contains(containsString("The credentials cannot be written (vault): they come from somewhere else")));
        assertThat(server.exchanges(), is(empty()));
        assertSecret(rule, List.of(Vault.token));
    }

    @Test
    void whatConfigurationAsCodeWritesBackIsNotRevoked(JenkinsRule rule) throws Exception {
        String old = server.personalToken("old", now.plus(Duration.ofDays(20)));
        MenderJenkins.store(text("pat", old));
        Administration.configure(configured("one", "pat"));
        run();
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        MenderJenkins.store(text("pat", old));
        now = now.plus(DAY);
        run();
        run();
        assertThat(problems(), contains(containsString("something has written it back")));
        assertThat(server.accepts(old), is(true));
        assertThat(server.personalTokenNames(), hasSize(2));
    }

    /** A cloned server has the same users and the same tokens, until one of the two makes new ones. */
    @Test
    void aCloneOfAServerKeepsItsOwnToken(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer clone = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            String old = server.personalToken("old", now.plus(Duration.ofDays(20)));
            MenderJenkins.store(text("pat", old));
            MenderJenkins.store(text("clones-pat", old));
            Administration.configure(
                    configured("production", "pat"), Administration.server("clone", clone.url(), "clones-pat", null));
            run();
            assertThat(log, contains("production: renewed the token in credentials pat."));
            assertThat(token("pat"), is(not(old)));
            assertThat(token("clones-pat"), is(old));

            // nothing is left that production may be asked with: what the clone's credentials hold is not sent there
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .removeIf(one -> ((StringCredentials) one).getId().equals("pat"));
            now = now.plus(DAY);
            int asked = server.exchanges().size();
            run();
            assertThat(server.exchanges(), hasSize(asked));
            assertThat(problems(), contains(containsString("so nothing can be cleaned up")));
            assertThat(clone.exchanges(), is(empty()));
        }
    }

    /** One server may be configured under two addresses, which looks like a server and its clone: nobody's token is taken away. */
    @Test
    void aTokenThatAnotherConfiguredServerStillHasIsNotRevoked(JenkinsRule rule) throws Exception {
        String old = server.personalToken("old", now.plus(Duration.ofDays(20)));
        MenderJenkins.store(text("pat", old));
        MenderJenkins.store(text("same-pat", old));
        ConfiguredServer same =
                Administration.server("same", server.url().replace("127.0.0.1", "localhost"), "same-pat", null);
        Administration.configure(configured("production", "pat"), same);
        run();
        now = now.plus(DAY);
        run();
        assertThat(token("same-pat"), is(old));
        assertThat(server.accepts(old), is(true));
        assertThat(problems(), contains(containsString("it is not revoked")));

        same.setRenewTokens(true);
        now = now.plus(DAY);
        run();
        now = now.plus(DAY);
        run();
        assertThat(List.of(server.accepts(token("same-pat")), server.accepts(token("pat"))), contains(true, true));
        assertThat(server.accepts(old), is(false));
        assertThat(problems(), is(empty()));
    }

    @Test
    void whatIsLeftOnARemovedServerWaitsUntilItHasExpired(JenkinsRule rule) throws Exception {
        String old = server.personalToken("old", now.plus(Duration.ofDays(20)));
        MenderJenkins.store(text("pat", old));
        Administration.configure(configured("one", "pat"));
        run();
        Administration.configure();
        log.clear();
        now = now.plus(DAY);
        run();
        run();
        assertThat(
                log,
                contains(allOf(
                        startsWith(server.url() + " is no longer configured"),
                        containsString(Token.of(old).id()))));
        assertThat(server.accepts(old), is(true));
        Administration.configure(configured("again", "pat"));
        run();
        assertThat(server.accepts(old), is(false));

        MenderJenkins.store(text("other", server.personalToken("other", now.plus(Duration.ofDays(20)))));
        Administration.configure(configured("one", "other"));
        run();
        Administration.configure();
        log.clear();
        now = now.plus(Duration.ofDays(367));
        run();
        assertThat(log, contains(startsWith(server.url() + ": no longer goes on with the token jenkins-")));
        log.clear();
        now = now.plus(DAY);
        run();
        assertThat(log, is(empty()));
        assertThat(problems(), is(empty()));
    }

    @Test
    void fiftyServersWithTwentyCredentialsEach(JenkinsRule rule) throws Exception {
        List<SimulatedMenderServer> servers = new ArrayList<>();
        List<ConfiguredServer> configured = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                SimulatedMenderServer one = SimulatedMenderServer.start(Flavour.MENDER_4_1);
                servers.add(one);
                one.answer("GET " + TOKENS, Reply.error(403, "no"));
                List<Credentials> credentials = new ArrayList<>();
                for (int k = 0; k < 20; k++) {
                    credentials.add(
                            text("pat-" + i + "-" + k, one.tokenUntil(now.plus(Duration.ofDays(k < 2 ? 9 : 99)))));
                }
                SystemCredentialsProvider.getInstance()
                        .getDomainCredentialsMap()
                        .put(
                                new Domain(
                                        "d" + i,
                                        "",
                                        List.of(new HostnamePortSpecification(
                                                URI.create(one.url()).getAuthority(), null))),
                                credentials);
                ConfiguredServer server = Administration.server("s" + i, one.url(), "pat-" + i + "-0", null);
                server.setRenewTokens(true);
                configured.add(server);
            }
            Administration.configure(configured.toArray(ConfiguredServer[]::new));
            for (int hour = 0; hour < 23; hour++) {
                run();
                now = now.plus(Duration.ofMinutes(59));
            }
            rule.createWebClient().goTo("manage/"); // whose first time is Jenkins' own
            assertThat(
                    answered(rule, "manage/"),
                    allOf(containsString("s0: the token in"), containsString("s49: the token in")));
            assertThat(answered(rule, "manage/mender-tokens/"), containsString("pat-49-19"));
            assertThat(problems(), hasSize(100));
            assertThat(TokenCare.get().stored().all(), hasSize(greaterThan(999)));
            for (SimulatedMenderServer one : servers) {
                assertThat(one.exchanges(), hasSize(2)); // two tokens are about to expire
            }
        } finally {
            servers.forEach(SimulatedMenderServer::close);
        }
    }

    /** {@return a page, which is there at once} */
    private static String answered(JenkinsRule rule, String path) throws Exception {
        long begin = System.nanoTime();
        String page = rule.createWebClient()
                .loadWebResponse(
                        new WebRequest(rule.getURL().toURI().resolve(path).toURL()))
                .getContentAsString();
        assertThat(Duration.ofNanos(System.nanoTime() - begin), is(lessThan(Duration.ofSeconds(5))));
        return page;
    }
}
