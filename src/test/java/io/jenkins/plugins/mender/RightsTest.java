package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import hudson.model.Descriptor;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.Secret;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.RawServer;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.beans.Introspector;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.bind.JavaScriptMethod;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.verb.POST;

/**
 * Who gets what from the plugin: every method that a browser can call, every page, every field of the remote API, asked for by
 * a user with each right. What one is denied is told to another, in the same row, so that no row holds for lack of anything to
 * tell.
 */
@WithJenkins
class RightsTest {
    private static final String PLUGIN = "io.jenkins.plugins.mender";
    private static final String JOB = "job/job/";
    private static final String TOKENS = "manage/mender-tokens/";
    private static final String FORM = "descriptorByName/" + MenderUploadStep.class.getName() + '/';

    private static final String DEPLOY_FORM = "descriptorByName/" + MenderDeployStep.class.getName() + '/';

    /** The users, each with Overall/Read and the rights of its name; from READ on with Job/Read as well. */
    private enum Who {
        ANONYMOUS,
        NOBODY(Jenkins.READ),
        DISCOVER(Jenkins.READ, Item.DISCOVER),
        READ(Jenkins.READ, Item.READ),
        EXTENDED_READ(Jenkins.READ, Item.READ, Item.EXTENDED_READ),
        USE_ITEM(Jenkins.READ, Item.READ, CredentialsProvider.USE_ITEM),
        BUILD(Jenkins.READ, Item.READ, Item.BUILD),
        WORKSPACE(Jenkins.READ, Item.READ, Item.WORKSPACE),
        CONFIGURE(Jenkins.READ, Item.READ, Item.CONFIGURE),
        CONFIGURE_WORKSPACE(Jenkins.READ, Item.READ, Item.CONFIGURE, Item.WORKSPACE),
        MANAGE(Jenkins.READ, Item.READ, Jenkins.MANAGE),
        SYSTEM_READ(Jenkins.READ, Item.READ, Jenkins.SYSTEM_READ),
        ADMINISTER(Jenkins.ADMINISTER);

        private final Permission[] permissions;

        Who(Permission... permissions) {
            this.permissions = permissions;
        }
    }

    private static final Set<Who> NONE = EnumSet.noneOf(Who.class);
    private static final Set<Who> USERS = EnumSet.range(Who.NOBODY, Who.ADMINISTER);
    private static final Set<Who> READERS = EnumSet.range(Who.READ, Who.ADMINISTER);
    private static final Set<Who> CONFIGURERS = EnumSet.of(Who.CONFIGURE, Who.CONFIGURE_WORKSPACE, Who.ADMINISTER);
    private static final Set<Who> VIEWERS =
            EnumSet.of(Who.EXTENDED_READ, Who.CONFIGURE, Who.CONFIGURE_WORKSPACE, Who.ADMINISTER);
    private static final Set<Who> CHOOSERS =
            EnumSet.of(Who.EXTENDED_READ, Who.USE_ITEM, Who.CONFIGURE, Who.CONFIGURE_WORKSPACE, Who.ADMINISTER);
    private static final Set<Who> MERE_CHOOSERS = EnumSet.of(Who.EXTENDED_READ, Who.USE_ITEM);
    private static final Set<Who> IN_WORKSPACE = EnumSet.of(Who.CONFIGURE_WORKSPACE, Who.ADMINISTER);
    private static final Set<Who> MANAGERS = EnumSet.of(Who.MANAGE, Who.SYSTEM_READ, Who.ADMINISTER);
    private static final Set<Who> TOKEN_VIEWERS = EnumSet.of(Who.MANAGE, Who.ADMINISTER);
    private static final Set<Who> SYSTEM = EnumSet.of(Who.SYSTEM_READ, Who.ADMINISTER);
    private static final Set<Who> ADMIN = EnumSet.of(Who.ADMINISTER);

    /** Who may read these anywhere. */
    private static final Map<String, Set<Who>> CONFIDENTIAL = Map.of(
            "confidential-server",
            EnumSet.of(Who.CONFIGURE, Who.CONFIGURE_WORKSPACE, Who.SYSTEM_READ, Who.ADMINISTER),
            "confidential.example.com",
            EnumSet.of(Who.CONFIGURE, Who.CONFIGURE_WORKSPACE, Who.SYSTEM_READ, Who.ADMINISTER),
            "confidential-pat",
            EnumSet.of(
                    Who.EXTENDED_READ,
                    Who.USE_ITEM,
                    Who.CONFIGURE,
                    Who.CONFIGURE_WORKSPACE,
                    Who.SYSTEM_READ,
                    Who.ADMINISTER),
            "the-token-itself",
            NONE);

    /**
     * A row of the matrix.
     *
     * @param path what is asked for, below Jenkins' root
     * @param parameters such as {@code a=b&c=d}, sent by POST; null for a GET
     * @param answered whom Jenkins answers with status 200
     * @param told for whom the answer has the marker
     * @param marker what proves that somebody got what he asked for
     */
    private record Row(String path, String parameters, Set<Who> answered, Set<Who> told, String marker) {}

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private final RawServer elsewhere;

    private final Map<Who, WebClient> browsers = new EnumMap<>(Who.class);

    RightsTest() throws Exception {
        elsewhere = RawServer.closing();
    }

    @Test
    void everyWebMethodWantsPost() {
        List<String> others = webMethods()
                .filter(method -> !method.isAnnotatedWith(POST.class))
                .map(JavaMethod::getFullName)
                .toList();
        assertThat(others, is(empty()));
    }

    @TestFactory
    Stream<DynamicTest> everybodyGetsWhatHisRightsGive(JenkinsRule rule) throws Exception {
        List<Row> forms = forms();
        List<Row> pages = new ArrayList<>(pages());
        prepare(rule);
        Set<String> endpoints = endpoints();
        Stream<DynamicTest> posts = endpoints.stream()
                .map(path -> DynamicTest.dynamicTest("GET " + path, () -> {
                    assertThat(get(rule, Who.ADMINISTER, path).getStatusCode(), is(404));
                    assertThat(forms.stream().map(Row::path).toList(), hasItem(endsWith(path)));
                }));
        Stream<DynamicTest> rows = Stream.concat(forms.stream(), pages.stream())
                .map(row -> DynamicTest.dynamicTest(row.path + ' ' + row.parameters, () -> assertRow(rule, row)));
        return Stream.of(posts, rows, Stream.of(DynamicTest.dynamicTest("save", () -> nobodyElseSavesTheSection(rule))))
                .flatMap(tests -> tests);
    }

    /** The forms' methods, each with arguments that make it say something. */
    private List<Row> forms() {
        List<Row> rows = new ArrayList<>();
        String server = "descriptorByName/" + ConfiguredServer.class.getName() + '/';
        rows.add(administration(server + "checkName", "value=&url=x", "is empty"));
        rows.add(administration(server + "fillUrlItems", "", "eu.hosted.mender.io"));
        rows.add(administration(server + "checkUrl", "value=mender", "is no URL"));
        rows.add(administration(server + "fillCredentialsIdItems", "", "confidential-pat"));
        rows.add(administration(server + "checkCredentialsId", "value=no&url=https://m.example.com", "no credentials"));
        rows.add(administration(server + "fillCertificatesCredentialsIdItems", "", "confidential-pat"));
        rows.add(administration(
                server + "checkCertificatesCredentialsId", "value=no&url=https://m.example.com", "no credentials"));
        rows.add(administration(server + "checkCertificates", "value=text", "no certificate"));
        rows.add(administration(server + "fillProxyItems", "", "JENKINS"));
        rows.add(administration(server + "checkSkipCertificateCheck", "value=true", "read the token"));
        rows.add(administration(
                server + "testConnection",
                "proxy=NONE&name=x&credentialsId=confidential-pat&url=" + elsewhere.url(),
                "<div class=\"error\""));
        rows.add(administration(server + "checkRenewTokensDaysBeforeExpiry", "value=0", "half of a token"));
        rows.add(administration(server + "checkTokenLifetimeDays", "value=366", "from 2 to 365"));
        for (String act : List.of("list", "create", "renew", "revoke")) {
            String parameters = "server=no&id=x&name=x&lifetimeDays=30&folder=&credentialsId=x";
            rows.add(administration(TOKENS + act, parameters, "There is no Mender Server named"));
        }
        rows.add(administration(TOKENS + "list", "server=confidential-server", "confidential-ended"));
        String known = "server=confidential-server&id=no&name=x&lifetimeDays=7&folder=&credentialsId=x";
        rows.add(administration(TOKENS + "create", known, "Choose one of the lifetimes"));
        rows.add(administration(TOKENS + "renew", known, "has not listed such a token"));
        rows.add(administration(TOKENS + "revoke", known, "has not listed such a token"));
        String section = "descriptorByName/" + MenderConfiguration.class.getName() + '/';
        rows.add(administration(section + "fillDefaultServerItems", "", "confidential-server"));
        rows.add(administration(section + "fillProxyItems", "", "AGENT"));
        rows.add(administration(section + "checkDefaultServer", "value=no", "has been saved"));

        job(rows, "checkArtifact", "value=&serverUrl=x", CONFIGURERS, "is empty");
        rows.add(inJob("checkArtifact", "value=biuld/*.mender", IN_WORKSPACE, "<div class=\"warning\""));
        job(rows, "fillServerItems", "", CONFIGURERS, "confidential-server");
        job(rows, "checkServerUrl", "value=mender", CONFIGURERS, "is no URL");
        job(rows, "fillCredentialsIdItems", "serverUrl=https://m.example.com", CHOOSERS, "confidential-pat");
        job(rows, "checkCredentialsId", "value=no&serverUrl=https://m.example.com", CHOOSERS, "no credentials");
        job(rows, "checkCredentialsId", "value=other-pat&serverUrl=https://m.example.com", CHOOSERS, "a domain that");
        for (String choice : List.of("", "&server=confidential-server")) {
            // neither the message nor what fits tells where a configured server is
            job(rows, "checkCredentialsId", "value=other-pat" + choice, CONFIGURERS, "confidential.example.com");
            job(rows, "checkCredentialsId", "value=other-pat" + choice, CONFIGURERS, "a domain that");
            rows.add(inJob("fillCredentialsIdItems", "x=" + choice, MERE_CHOOSERS, "other-pat"));
            rows.add(inJob("fillCredentialsIdItems", "x=" + choice, CHOOSERS, "confidential-pat"));
        }
        job(rows, "checkCredentialsId", "value=&serverUrl=https://m.example.com", CONFIGURERS, "is empty");
        for (String field : List.of("checkMaxAttempts", "checkStallTimeout")) {
            everybody(rows, field, "value=0", "<div class=\"error\"");
        }
        everybody(rows, "fillIfExistsItems", "", "replace");
        everybody(rows, "fillVerifyItems", "", "structure");
        deployments(rows);
        return rows;
    }

    /** The form of a deployment: what it shares with that of an upload, and what is its own. */
    private static void deployments(List<Row> rows) {
        List<String> shared =
                List.of("fillServerItems", "checkServerUrl", "fillCredentialsIdItems", "checkCredentialsId");
        for (Row row : List.copyOf(rows)) {
            if (shared.stream().anyMatch(name -> row.path.endsWith(FORM + name))) {
                String path = row.path.replace(FORM, DEPLOY_FORM);
                rows.add(new Row(path, row.parameters, row.answered, row.told, row.marker));
            }
        }
        for (Map.Entry<String, String> own : Map.of(
                        "fillOnFailureItems", "leave",
                        "fillOnTimeoutItems", "accept",
                        "checkMinSuccess", "<div class=\"error\"")
                .entrySet()) {
            rows.add(new Row(JOB + DEPLOY_FORM + own.getKey(), "value=x", READERS, READERS, own.getValue()));
            rows.add(new Row(DEPLOY_FORM + own.getKey(), "value=x", USERS, USERS, own.getValue()));
        }
    }

    private static Row administration(String path, String parameters, String marker) {
        return new Row(path, parameters, ADMIN, ADMIN, marker);
    }

    /** A method of the job's form, called from a job, and from no job, where administrators alone are told. */
    private static void job(List<Row> rows, String name, String parameters, Set<Who> told, String marker) {
        rows.add(inJob(name, parameters, told, marker));
        rows.add(new Row(FORM + name, parameters, USERS, ADMIN, marker));
    }

    /** The same where there is nothing to be kept from anybody. */
    private static void everybody(List<Row> rows, String name, String parameters, String marker) {
        rows.add(inJob(name, parameters, READERS, marker));
        rows.add(new Row(FORM + name, parameters, USERS, USERS, marker));
    }

    private static Row inJob(String name, String parameters, Set<Who> told, String marker) {
        return new Row(JOB + FORM + name, parameters, READERS, told, marker);
    }

    private static List<Row> pages() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(JOB + "1/", null, READERS, READERS, "mender-uploads__facts"));
        rows.add(new Row(JOB + "1/mender/", null, READERS, READERS, "mender-artifact"));
        rows.add(new Row(JOB + "configure", null, VIEWERS, VIEWERS, "build/*.mender"));
        rows.add(new Row(JOB + "config.xml", null, VIEWERS, VIEWERS, "build/*.mender"));
        for (Method method : MenderUploadResult.class.getMethods()) {
            if (method.isAnnotationPresent(Exported.class)) {
                String field = Introspector.decapitalize(method.getName().substring("get".length()));
                String query = "1/api/json?tree=actions[artifacts[" + field + "]]";
                rows.add(new Row(JOB + query, null, READERS, READERS, "{\"" + field + "\":"));
            }
        }
        rows.add(new Row(JOB + "1/mender/api/json", null, NONE, NONE, "\"sha256\":"));
        rows.add(new Row(TOKENS, null, TOKEN_VIEWERS, TOKEN_VIEWERS, "confidential-ended"));
        rows.add(new Row(TOKENS, null, TOKEN_VIEWERS, ADMIN, "create-confidential-server"));
        rows.add(new Row("manage/configure", null, MANAGERS, SYSTEM, "confidential-server"));
        rows.add(new Row("manage/", null, MANAGERS, ADMIN, "confidential-ended"));
        rows.add(new Row("configuration-as-code/export", "", SYSTEM, SYSTEM, "confidential-server"));
        for (String field : List.of("artifact", "server", "credentialsId")) {
            String help = "descriptor/" + MenderUploadStep.class.getName() + "/help/" + field;
            rows.add(new Row(help, null, USERS, USERS, "Example: "));
        }
        return rows;
    }

    private void assertRow(JenkinsRule rule, Row row) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Who who : Who.values()) {
            int before = elsewhere.connections();
            WebResponse response = row.parameters == null
                    ? get(rule, who, row.path)
                    : post(rule, who, row.path, parse(row.parameters));
            String text = response.getContentAsString();
            boolean answered = response.getStatusCode() == 200;
            if (answered != row.answered.contains(who)) {
                wrong.add(who + " gets status " + response.getStatusCode());
            }
            if (text.contains(row.marker) != row.told.contains(who)) {
                wrong.add(who + (row.told.contains(who) ? " does not read " : " reads ") + row.marker);
            }
            CONFIDENTIAL.forEach((word, readers) -> {
                boolean shown =
                        row.path.equals(TOKENS) && TOKEN_VIEWERS.contains(who); // it names servers and credentials
                if (text.contains(word) && !readers.contains(who) && (!shown || readers.isEmpty())) {
                    wrong.add(who + " reads " + word);
                }
            });
            if (elsewhere.connections() > before && !ADMIN.contains(who)) {
                wrong.add(who + " makes Jenkins connect");
            }
        }
        assertThat(row.toString(), wrong, is(empty()));
    }

    /** Who may submit the page under Manage Jenkins > System changes this section only as administrator. */
    private void nobodyElseSavesTheSection(JenkinsRule rule) throws Exception {
        HtmlPage page = browsers.get(Who.ADMINISTER).goTo("manage/configure");
        String submitted =
                rule.submit(page.getFormByName("config")).getWebResponse().getWebRequest().getParameters().stream()
                        .filter(parameter -> parameter.getName().equals("json"))
                        .map(NameValuePair::getValue)
                        .findFirst()
                        .orElseThrow();
        for (Who who : Who.values()) {
            String changed = submitted.replace("confidential-server", who.name());
            WebResponse response = post(rule, who, "manage/configSubmit", List.of(new NameValuePair("json", changed)));
            assertThat(
                    who.name(), response.getStatusCode(), is(who == Who.MANAGE || who == Who.ADMINISTER ? 302 : 403));
            List<String> names = MenderConfiguration.get().getServers().stream()
                    .map(ConfiguredServer::getName)
                    .toList();
            assertThat(names, contains(who == Who.ADMINISTER ? who.name() : "confidential-server"));
        }
    }

    private void prepare(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = rule.createFreeStyleProject("job");
        job.getBuildersList().add(jenkins.builder("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        rule.buildAndAssertSuccess(job);

        jenkins.storeToken("confidential-pat", "the-token-itself");
        jenkins.storeToken("confidential-ended", server.tokenUntil(Instant.now().minus(Duration.ofDays(3))));
        SystemCredentialsProvider.getInstance()
                .getDomainCredentialsMap()
                .put(
                        new Domain("other", null, List.of(new HostnameSpecification("other.example.com", null))),
                        List.of(new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "other-pat", "", Secret.fromString("the-token-itself"))));
        Administration.configure(Administration.server(
                "confidential-server", "https://confidential.example.com", "confidential-ended", null));

        MockAuthorizationStrategy rights = new MockAuthorizationStrategy();
        for (Who who : USERS) {
            rights.grant(who.permissions).everywhere().to(who.name());
        }
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(rights);
        rule.jenkins.setCrumbIssuer(null);
        for (Who who : Who.values()) {
            WebClient browser = rule.createWebClient().withThrowExceptionOnFailingStatusCode(false);
            browser.getOptions().setRedirectEnabled(false);
            browsers.put(who, who == Who.ANONYMOUS ? browser : browser.login(who.name()));
        }
    }

    private WebResponse get(JenkinsRule rule, Who who, String path) throws IOException {
        return browsers.get(who).loadWebResponse(new WebRequest(new URL(rule.getURL(), path)));
    }

    private WebResponse post(JenkinsRule rule, Who who, String path, List<NameValuePair> parameters)
            throws IOException {
        WebRequest request = new WebRequest(new URL(rule.getURL(), path), HttpMethod.POST);
        request.setRequestParameters(parameters);
        return browsers.get(who).loadWebResponse(request);
    }

    private static List<NameValuePair> parse(String parameters) {
        return Stream.of(parameters.split("&"))
                .map(pair -> (pair + "=").split("=", 3))
                .map(pair -> new NameValuePair(pair[0], pair[1]))
                .toList();
    }

    /** The methods that Stapler would let a browser call. */
    private static Stream<JavaMethod> webMethods() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PLUGIN).stream()
                        .map(JavaClass::getMethods)
                        .flatMap(Set::stream)
                        .filter(method -> method.getName().matches("(do|js)[A-Z].*")
                                || method.isAnnotatedWith(WebMethod.class)
                                || method.isAnnotatedWith(JavaScriptMethod.class));
    }

    /** The paths of the same methods, which descriptors have and the pages under Manage Jenkins, some of them from a class above. */
    private static Set<String> endpoints() {
        List<JavaMethod> methods = webMethods().toList();
        Set<String> paths = new TreeSet<>();
        Set<JavaMethod> reached = new HashSet<>();
        for (Descriptor<?> descriptor : Jenkins.get().getExtensionList(Descriptor.class)) {
            for (JavaMethod method : methods) {
                if (method.getOwner().isAssignableFrom(descriptor.getClass())) {
                    reached.add(method);
                    String name = Introspector.decapitalize(method.getName().substring("do".length()));
                    paths.add("descriptorByName/" + descriptor.getId() + '/' + name);
                }
            }
        }
        for (ManagementLink link : ManagementLink.all()) {
            for (JavaMethod method : methods) {
                if (method.getOwner().isAssignableFrom(link.getClass())) {
                    reached.add(method);
                    String name = Introspector.decapitalize(method.getName().substring("do".length()));
                    paths.add("manage/" + link.getUrlName() + '/' + name);
                }
            }
        }
        assertThat("methods that nobody can call", reached, is(Set.copyOf(methods)));
        return paths;
    }
}
