package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;

import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link BrowserJenkins} for each test. A test fails if a page violated Jenkins' content security policy, or wrote an error to the
 * console.
 */
final class BrowserSession implements BeforeEachCallback, AfterEachCallback {
    /** Where to see what the browser showed when a test failed. */
    private static final Path FAILURES = Path.of("target", "browser");

    /** Puts a script into the page itself, which the policy forbids. */
    private static final String FORBIDDEN =
            "const script = document.createElement('script'); script.textContent = '1'; document.head.append(script)";

    private static final String HASH =
            Base64.getEncoder().encodeToString(DigestUtils.sha256("1")); // by which the browser calls that script

    private BrowserJenkins jenkins;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        jenkins = BrowserJenkins.start(SimulatedMenderServer.start(Flavour.MENDER_4_1));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            if (context.getExecutionException().isEmpty()) {
                checkThatNothingWasViolated();
            } else {
                jenkins.chromium().keepPicture(FAILURES.resolve(context.getDisplayName() + ".png"));
            }
        } finally {
            jenkins.close();
        }
    }

    BrowserJenkins jenkins() {
        return jenkins;
    }

    /**
     * Violates the policy once, and checks that the browser says nothing but that: so it would have said more. It says in the
     * console whatever it would report to Jenkins.
     */
    private void checkThatNothingWasViolated() throws Exception {
        jenkins.open("about/");
        jenkins.chromium().script(FORBIDDEN);
        jenkins.chromium().await(browser -> !errors().isEmpty());
        assertThat(errors(), contains(allOf(containsString("Content Security Policy"), containsString(HASH))));
    }

    /** {@return the errors of Jenkins' pages; that the simulated server has no icon is its own affair} */
    private List<String> errors() {
        return jenkins.chromium().errors().stream()
                .filter(error -> !error.startsWith(jenkins.server().url()))
                .toList();
    }
}
