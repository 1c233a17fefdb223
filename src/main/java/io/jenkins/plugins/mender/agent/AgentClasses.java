package io.jenkins.plugins.mender.agent;

import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import hudson.remoting.Which;
import io.jenkins.plugins.mender.http.LocalTransport;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.MasterToSlaveCallable;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.SystemProperties;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.tools.ant.types.selectors.TokenizedPattern;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * Brings an agent the libraries that it runs for this plugin, whole and in one go: of itself remoting asks for some 800 classes one by one, each a
 * way there and back, and fetches the same libraries beside that, those of all of Jenkins included.
 */
final class AgentClasses {
    private static final Logger LOGGER = Logger.getLogger(AgentClasses.class.getName());

    /** How many agents get them at a time: the controller holds some 15 MB for each meanwhile. */
    private static final Semaphore AT_A_TIME = new Semaphore(8);

    /** How long an agent waits for its turn before it does without. */
    private static final long TURN_SECONDS = 10;

    private AgentClasses() {}

    /**
     * Waits until an agent has the libraries; at its first use that takes as long as they are on the way. Where they cannot be brought,
     * remoting loads what is missing as it always does.
     *
     * @param agent the channel to it; that of this JVM needs nothing
     * @throws InterruptedException when the thread was interrupted; the libraries go on to travel
     */
    static void bring(VirtualChannel agent) throws InterruptedException {
        if (!(agent instanceof Channel channel)) {
            return;
        }
        Future<?> brought;
        synchronized (AgentClasses.class) {
            brought = (Future<?>) channel.getProperty(AgentClasses.class);
            if (brought == null) {
                brought = Computer.threadPoolForRemoting.submit(() -> send(channel));
                channel.setProperty(AgentClasses.class, brought);
            }
        }
        try {
            brought.get();
        } catch (ExecutionException e) {
            LOGGER.log(Level.FINE, "No libraries for " + channel, e.getCause());
        }
    }

    /** {@return whether they were sent; one that had no turn loads its classes one by one for good, since a mixture would not fit together} */
    private static boolean send(Channel channel) throws IOException, InterruptedException {
        if (!AT_A_TIME.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
            return false;
        }
        try {
            channel.preloadJar(AgentClasses.class.getClassLoader(), jars());
        } finally {
            AT_A_TIME.release();
        }
        channel.callAsync(new WarmUp());
        return true;
    }

    /** Has the agent's JVM begin with what takes it long, while files are looked for and read. Nobody waits for it. */
    private static final class WarmUp extends MasterToSlaveCallable<Void, RuntimeException> {
        private static final long serialVersionUID = 1;

        @Override
        public Void call() {
            LocalTransport.warmUp();
            return null;
        }
    }

    /** All go to the plugin's own class loader: there it finds them without asking the controller whose they are. */
    private static URL[] jars() throws IOException {
        Set<URL> jars = new LinkedHashSet<>();
        for (Class<?> one : List.of(
                AgentClasses.class,
                CloseableHttpAsyncClient.class,
                HttpHost.class,
                HttpVersionPolicy.class,
                TarArchiveInputStream.class,
                XZInputStream.class,
                IOUtils.class,
                SystemProperties.class,
                TokenizedPattern.class,
                LoggerFactory.class,
                LoggerFactory.getILoggerFactory().getClass())) {
            File jar = Which.jarFile(one);
            if (jar.isFile()) { // the plugin's own classes lie in a folder while it is being developed
                jars.add(jar.toURI().toURL());
            }
        }
        return jars.toArray(URL[]::new);
    }
}
