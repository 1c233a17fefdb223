package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import hudson.model.Descriptor;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.bind.JavaScriptMethod;
import org.kohsuke.stapler.verb.POST;

/**
 * Every method of the plugin that a browser can call, found in its classes: none answers to GET, those of the administration
 * answer to administrators alone, and those of a job's form tell nothing to users who may not configure the job.
 */
@WithJenkins
class EndpointsTest {
    private static final String PLUGIN = "io.jenkins.plugins.mender";
    private static final List<String> USERS = List.of("", "reader", "configurer", "admin");

    /** Names that only somebody with permission may learn. */
    private static final List<String> CONFIDENTIAL = List.of("confidential-pat", "confidential-server");

    /** One way to call a method: the descriptor's address, and the method's name in it. */
    private record Endpoint(Class<?> descriptor, String name) {
        String path() {
            return "descriptorByName/" + descriptor.getName().replaceAll("\\$DescriptorImpl$", "") + '/' + name;
        }

        boolean isForAdministrators() {
            return descriptor.getPackageName().equals(PLUGIN + ".config");
        }
    }

    @Test
    void everyWebMethodWantsPost() {
        List<String> others = webMethods()
                .filter(method -> !method.isAnnotatedWith(POST.class))
                .map(JavaMethod::getFullName)
                .toList();
        assertThat(others, is(empty()));
    }

    @Test
    void everyWebMethodBelongsToADescriptorThatIsTriedHere(JenkinsRule rule) {
        Set<String> tried = endpoints().stream().map(Endpoint::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = webMethods().map(EndpointsTest::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tried, is(found));
        assertThat(tried, hasItem("testConnection"));
        assertThat(tried, hasItem("fillServerItems"));
    }

    @Test
    void nobodyGetsMoreThanHisPermissionGives(JenkinsRule rule) throws Exception {
        secure(rule);
        FreeStyleProject job = rule.createFreeStyleProject("job");
        new MenderJenkins(rule, null).storeToken("confidential-pat", "a-token");
        try (RawServer elsewhere = RawServer.closing()) {
            Administration.configure(new ConfiguredServer("confidential-server", "https://m.example.com"));
            for (Endpoint endpoint : endpoints()) {
                for (String user : USERS) {
                    boolean admin = user.equals("admin");
                    int before = elsewhere.connections();
                    String url = elsewhere.url();
                    WebResponse got = call(rule, user, HttpMethod.GET, endpoint.path(), url);
                    assertThat(endpoint + " by GET", got.getStatusCode(), is(not(200)));
                    WebResponse posted = call(rule, user, HttpMethod.POST, endpoint.path(), url);
                    String what = endpoint + " as '" + user + "'";
                    if (admin) {
                        assertThat(what, posted.getStatusCode(), is(200));
                    } else if (endpoint.isForAdministrators() || user.isEmpty()) {
                        assertThat(what, posted.getStatusCode(), is(403));
                    }
                    if (!admin) {
                        assertTellsNothing(what, posted);
                        assertThat(what, elsewhere.connections(), is(before));
                    }
                    if (!endpoint.isForAdministrators()) {
                        WebResponse inJob = call(rule, user, HttpMethod.POST, job.getUrl() + endpoint.path(), url);
                        boolean mayConfigure = admin || user.equals("configurer");
                        assertThat(what, inJob.getStatusCode() == 200, is(!user.isEmpty()));
                        if (!mayConfigure) {
                            assertTellsNothing(what, inJob);
                        }
                        assertThat(what, elsewhere.connections(), is(before));
                    }
                }
            }
        }
    }

    @Test
    void whoMayConfigureAJobSeesWhatToChooseFrom(JenkinsRule rule) throws Exception {
        secure(rule);
        FreeStyleProject job = rule.createFreeStyleProject("job");
        new MenderJenkins(rule, null).storeToken("confidential-pat", "a-token");
        Administration.configure(new ConfiguredServer("confidential-server", "https://m.example.com"));
        for (String name : List.of("fillServerItems", "fillCredentialsIdItems")) {
            String path = job.getUrl() + new Endpoint(MenderUploadStep.DescriptorImpl.class, name).path();
            String list = call(rule, "configurer", HttpMethod.POST, path, "https://m.example.com")
                    .getContentAsString();
            assertThat(list, containsString("confidential-"));
        }
    }

    @Test
    void theSectionIsShownToAdministratorsAlone(JenkinsRule rule) throws Exception {
        secure(rule);
        Administration.configure(new ConfiguredServer("confidential-server", "https://m.example.com"));
        for (String user : USERS) {
            WebResponse page = call(rule, user, HttpMethod.GET, "manage/configure", "");
            assertThat(page.getContentAsString().contains("confidential-server"), is(user.equals("admin")));
        }
        assertThat(MenderConfiguration.get().getServers(), hasSize(1));
    }

    private static void secure(JenkinsRule rule) {
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setCrumbIssuer(null);
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "configurer")
                .grant(Item.CONFIGURE, Item.EXTENDED_READ, CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("configurer"));
    }

    private static void assertTellsNothing(String what, WebResponse response) {
        for (String name : CONFIDENTIAL) {
            assertThat(what, response.getContentAsString(), not(containsString(name)));
        }
    }

    private static WebResponse call(JenkinsRule rule, String user, HttpMethod method, String path, String url)
            throws Exception {
        WebClient client = rule.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setRedirectEnabled(false);
        if (!user.isEmpty()) {
            client.login(user);
        }
        List<NameValuePair> parameters = new ArrayList<>();
        for (String name : List.of("url", "serverUrl")) {
            parameters.add(new NameValuePair(name, url));
        }
        parameters.add(new NameValuePair("value", "1"));
        parameters.add(new NameValuePair("proxy", "NONE"));
        WebRequest request = new WebRequest(new URL(rule.getURL(), path), method);
        request.setRequestParameters(parameters);
        return client.loadWebResponse(request);
    }

    /** The methods that Stapler would let a browser call. */
    private static Stream<JavaMethod> webMethods() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PLUGIN).stream()
                        .map(JavaClass::getMethods)
                        .flatMap(Set::stream)
                        .filter(method -> method.getName().matches("do[A-Z].*")
                                || method.getName().matches("js[A-Z].*")
                                || method.isAnnotatedWith(WebMethod.class)
                                || method.isAnnotatedWith(JavaScriptMethod.class));
    }

    private static String name(JavaMethod method) {
        String name = method.getName().substring("do".length());
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The same methods where they can be reached: in a descriptor, which may have them from a class above it. */
    private static List<Endpoint> endpoints() {
        List<JavaMethod> methods = webMethods().toList();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Descriptor<?> descriptor : Jenkins.get().getExtensionList(Descriptor.class)) {
            for (JavaMethod method : methods) {
                if (method.getOwner().isAssignableFrom(descriptor.getClass())) {
                    endpoints.add(new Endpoint(descriptor.getClass(), name(method)));
                }
            }
        }
        return endpoints;
    }
}
