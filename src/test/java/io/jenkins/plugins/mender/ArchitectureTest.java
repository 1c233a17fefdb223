package io.jenkins.plugins.mender;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The layers: what talks to a Mender Server and reads Artifacts knows nothing of Jenkins, and each package touches only the
 * libraries that are named here. It also keeps small what an agent has to load.
 */
class ArchitectureTest {
    private static final String FACE = "io.jenkins.plugins.mender";
    private static final String AGENT = FACE + ".agent..";
    private static final String API = FACE + ".api..";
    private static final String HTTP = FACE + ".http..";
    private static final String ARTIFACT = FACE + ".artifact..";
    private static final String UPLOAD = FACE + ".upload..";
    private static final String CONFIG = FACE + ".config..";
    private static final String[] JDK = {"java..", "javax.crypto..", "javax.net..", "javax.security.."};
    private static final String[] JENKINS = {
        FACE, AGENT, CONFIG, "hudson..", "jenkins..", "org.kohsuke..", "org.jenkinsci..", "com.cloudbees.."
    };

    private static JavaClasses plugin;

    @BeforeAll
    static void readClasses() {
        plugin = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(FACE);
    }

    @Test
    void nothingBelowTheFaceKnowsJenkins() {
        noClasses()
                .that()
                .resideInAnyPackage(API, HTTP, ARTIFACT, UPLOAD)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JENKINS)
                .because("these packages are built and tested without Jenkins, from .ci/pom.xml")
                .check(plugin);
    }

    @Test
    void sendingTouchesTheJdkAndHttpClient() {
        touchesOnly(HTTP, "org.apache.hc..");
    }

    @Test
    void theApiTouchesTheJdkAndThePackagesBelowItAndJackson() {
        touchesOnly(API, HTTP, ARTIFACT, "com.fasterxml.jackson..");
    }

    /** The plugin commons-compress-api brings xz and zstd, whose own classes alone bound the memory that they take. */
    @Test
    void theArtifactReaderTouchesTheJdkAndCommonsCompressWithItsDecompressors() {
        touchesOnly(ARTIFACT, "org.apache.commons.compress..", "org.tukaani.xz..", "com.github.luben.zstd..");
    }

    @Test
    void anUploadTouchesTheJdkAndThePackagesBelowIt() {
        touchesOnly(UPLOAD, API, HTTP, ARTIFACT);
    }

    /** It carries out what is asked of it, and decides nothing. */
    @Test
    void whatRunsOnAnAgentKnowsNeitherMenderNorItsApi() {
        noClasses()
                .that()
                .resideInAPackage(AGENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FACE, CONFIG, API, UPLOAD)
                .check(plugin);
    }

    @Test
    void theAdministratorsConfigurationKnowsNothingOfSteps() {
        noClasses()
                .that()
                .resideInAPackage(CONFIG)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FACE, AGENT)
                .check(plugin);
    }

    private static void touchesOnly(String owner, String... libraries) {
        classes()
                .that()
                .resideInAPackage(owner)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages(owner, libraries))
                .check(plugin);
    }

    private static String[] packages(String owner, String... libraries) {
        return Stream.of(Stream.of(owner), Stream.of(JDK), Stream.of(libraries))
                .flatMap(names -> names)
                .toArray(String[]::new);
    }
}
