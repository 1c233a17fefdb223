package io.jenkins.plugins.mender.benchmark;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import hudson.slaves.RetentionStrategy;
import hudson.slaves.SlaveComputer;
import hudson.util.Secret;
import io.jenkins.plugins.mender.Administration;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/** A Jenkins of its own process with the packaged plugin, whose agents are processes of their own, too. */
final class StepJenkins implements AutoCloseable {
    static final String TOKEN = "token";

    private static final Pattern TOOK = Pattern.compile("took=([\\d ]+)");
    private static final int END_SECONDS = 30;

    private final Path folder;
    private final RealJenkinsFixture jenkins =
            new RealJenkinsFixture().withHost("127.0.0.1").withTimeout(0).javaOptions("-Xmx1g", "-Duser.language=en");
    private int agents;

    private StepJenkins(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts a Jenkins.
     *
     * @param plugin the packaged plugin: from its jar remoting takes other ways than from a folder of classes
     * @param folder where agents may put their files
     */
    static StepJenkins start(Path plugin, Path folder) throws Exception {
        StepJenkins started = new StepJenkins(folder);
        try {
            started.jenkins.setUp(StepJenkins.class.getName(), "benchmark");
            Path plugins = started.jenkins.getHome().toPath().resolve("plugins");
            Files.delete(plugins.resolve("mender.jpl"));
            Files.copy(plugin, plugins.resolve("mender.jpi"));
            started.jenkins.startJenkins();
            try (InputStream jar = started.jenkins
                    .getUrl()
                    .toURI()
                    .resolve("jnlpJars/agent.jar")
                    .toURL()
                    .openStream()) {
                Files.copy(jar, folder.resolve("agent.jar"));
            }
            return started;
        } catch (Exception | AssertionError e) {
            started.close();
            throw e;
        }
    }

    int port() throws IOException {
        return jenkins.getUrl().getPort();
    }

    RealJenkinsFixture fixture() {
        return jenkins;
    }

    /** Stores tokens, one of them a refused one, and configures servers by their names and addresses. */
    void configure(TreeMap<String, String> servers, String certificate) throws Throwable {
        jenkins.runRemotely(StepJenkins::configureIn, servers, certificate);
    }

    private static void configureIn(JenkinsRule rule, TreeMap<String, String> servers, String certificate)
            throws Exception {
        for (String token : new String[] {TOKEN, SinkConnection.REFUSED}) {
            MenderJenkins.store(
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, token, null, Secret.fromString(token)));
        }
        Administration.configure(servers.entrySet().stream()
                .map(server -> Administration.server(
                        server.getKey(),
                        server.getValue(),
                        TOKEN,
                        server.getValue().startsWith("https") ? certificate : null))
                .toArray(ConfiguredServer[]::new));
    }

    /** An agent: a JVM of its own. */
    final class Agent implements AutoCloseable {
        private final String name;
        private final Path home;
        private final Process process;

        private Agent(String name, Path home, Process process) {
            this.name = name;
            this.home = home;
            this.process = process;
        }

        String name() {
            return name;
        }

        /** Puts a file into a workspace of the agent. */
        void place(Path file, String workspace) throws IOException {
            Path folder = Files.createDirectories(home.resolve("workspace").resolve(workspace));
            Files.createLink(folder.resolve(file.getFileName()), file);
        }

        /** Puts a file into the workspace of the job with the agent's name. */
        void place(Path file) throws IOException {
            place(file, name);
        }

        /** Runs one after another in the agent's job, and {@return the milliseconds that each took} */
        List<Long> time(List<String> steps) throws Throwable {
            StringBuilder script = new StringBuilder("took = []\nnode('" + name + "') {\n");
            for (String one : steps) {
                script.append("begin = System.nanoTime()\n")
                        .append(one)
                        .append("\ntook << (System.nanoTime() - begin)\n");
            }
            String log = jenkins.runRemotely(StepJenkins::build, name, script + "}\necho \"took=${took.join(' ')}\"");
            Matcher took = TOOK.matcher(log);
            if (!took.find()) {
                throw new IOException(log);
            }
            return Stream.of(took.group(1).split(" "))
                    .map(nanos -> TimeUnit.NANOSECONDS.toMillis(Long.parseLong(nanos)))
                    .toList();
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /**
     * Starts a new agent and waits until it is connected and has settled.
     *
     * @param port where it reaches this Jenkins, perhaps through a relay
     * @param jarCache what it remembers of its predecessors, or null for an agent that was never there before
     * @param executors how many builds it runs at once
     */
    Agent agent(int port, Path jarCache, int executors) throws Throwable {
        String name = "agent-" + ++agents;
        Path home = Files.createDirectories(folder.resolve(name));
        String secret = jenkins.runRemotely(StepJenkins::create, name, home.toString(), executors);
        String url = "http://127.0.0.1:" + port + jenkins.getUrl().getPath();
        ProcessBuilder command = new ProcessBuilder(
                Commands.jdk("java"),
                "-Xmx256m",
                "-jar",
                folder.resolve("agent.jar").toString(),
                "-url",
                url,
                "-webSocket",
                "-name",
                name,
                "-secret",
                secret,
                "-workDir",
                home.toString());
        if (jarCache != null) {
            command.command().add("-jar-cache");
            command.command().add(jarCache.toString());
        }
        Process process = command.redirectOutput(Redirect.DISCARD)
                .redirectError(home.resolve("agent.log").toFile())
                .start();
        jenkins.runRemotely(StepJenkins::awaitOnline, name);
        return new Agent(name, home, process);
    }

    private static String create(JenkinsRule rule, String name, String home, Integer executors) throws Exception {
        DumbSlave node = new DumbSlave(name, home, new JNLPLauncher());
        node.setNumExecutors(executors);
        node.setMode(Node.Mode.EXCLUSIVE);
        node.setRetentionStrategy(RetentionStrategy.NOOP);
        rule.jenkins.addNode(node);
        return ((SlaveComputer) Objects.requireNonNull(node.toComputer())).getJnlpMac();
    }

    private static void awaitOnline(JenkinsRule rule, String name) throws Exception {
        Computer computer = rule.jenkins.getComputer(name);
        while (!Objects.requireNonNull(computer).isOnline()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.SECONDS.sleep(1); // what Jenkins asks of every new agent is not part of the race
    }

    private static String build(JenkinsRule rule, String name, String script) throws Exception {
        WorkflowJob job = rule.jenkins.getItemByFullName(name, WorkflowJob.class);
        if (job == null) {
            job = rule.jenkins.createProject(WorkflowJob.class, name);
        }
        job.setDefinition(new CpsFlowDefinition(script, false));
        WorkflowRun run = job.scheduleBuild2(0).get();
        String log = JenkinsRule.getLog(run);
        return run.getResult() == Result.SUCCESS ? log : log.replace("took=", "took ");
    }

    /** Ends Jenkins and removes what it kept. */
    @Override
    public void close() throws Exception {
        jenkins.tearDown();
    }
}
