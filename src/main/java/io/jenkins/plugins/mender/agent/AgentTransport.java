package io.jenkins.plugins.mender.agent;

import hudson.AbortException;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * Ships each exchange to the machine where the workspace lies, so that the file's bytes never cross the controller. An
 * interrupt here interrupts the exchange there, and so does the end of the connection between the two.
 */
public final class AgentTransport implements Transport {
    private static final int LIMIT = 200;

    private final Workspace workspace;
    private final ConnectionSettings settings;

    public AgentTransport(Workspace workspace, ConnectionSettings settings) {
        this.workspace = workspace;
        this.settings = settings;
    }

    @Override
    public Response send(Request request, Transport.Listener listener) throws TransportException, InterruptedException {
        long size = request.body() instanceof FileUpload file ? file.size() : 0;
        Heard heard = request.body() instanceof FileUpload ? new Heard(listener, size) : null;
        try {
            VirtualChannel agent = channel();
            Transport.Listener told = heard == null ? null : agent.export(Transport.Listener.class, heard);
            ConnectionSettings way = settings.towards(request.uri().getHost());
            Response response = workspace.act(Response.class, new Exchange(way, request, told));
            response.checkAgainst(request);
            return response;
        } catch (TransportException e) {
            throw e.received(size);
        } catch (IllegalArgumentException e) {
            throw gone(Workspace.strange(e.getMessage()), heard);
        } catch (IOException e) {
            throw gone(e, heard);
        } finally {
            if (heard != null) {
                heard.end();
            }
        }
    }

    private VirtualChannel channel() throws IOException, InterruptedException {
        try {
            return workspace.get().getChannel();
        } catch (AbortException e) {
            throw new TransportException(Failure.AGENT_GONE, e.getMessage(), 0, false);
        }
    }

    private static TransportException gone(IOException e, Heard heard) {
        return new TransportException(
                Failure.AGENT, PlainText.oneLine(String.valueOf(e.getMessage()), LIMIT), 0, heard != null);
    }

    /**
     * Hears an agent out as long as its exchange lasts. It may call as often as it likes, with whatever it likes, from as many
     * threads as it likes, also later: it never holds what listens, and one call at a time goes through.
     */
    static final class Heard implements Transport.Listener {
        private final AtomicReference<Transport.Listener> listener;
        private final AtomicBoolean busy = new AtomicBoolean();
        private final long size;

        Heard(Transport.Listener listener, long size) {
            this.listener = new AtomicReference<>(listener);
            this.size = size;
        }

        @Override
        public void at(long sentBytes, boolean wholeBodySent) {
            if (busy.compareAndSet(false, true)) {
                try {
                    listener.get().at(Math.max(0, Math.min(sentBytes, size)), wholeBodySent);
                } finally {
                    busy.set(false);
                }
            }
        }

        void end() {
            listener.set(NONE);
        }
    }

    /**
     * One exchange on its way to an agent.
     *
     * @param settings timeouts, proxy and trust
     * @param request what to send, the token in it
     * @param heard hears on the controller how far a file has come; null for a request without one
     */
    private record Exchange(ConnectionSettings settings, Request request, Transport.Listener heard)
            implements ControllerToAgentFileCallable<Response> {
        private static final long serialVersionUID = 1;

        @Override
        public Response invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            LocalTransport transport = new LocalTransport(settings);
            Transport.Listener listener = heard == null ? Transport.Listener.NONE : heard;
            if (!(channel instanceof Channel controller)) {
                return transport.send(request, listener);
            }
            EndOfChannel end = new EndOfChannel(Thread.currentThread());
            controller.addListener(end);
            try {
                return transport.send(request, listener);
            } finally {
                controller.removeListener(end);
            }
        }

        /** Remoting keeps and logs the string form of what it carries: method and address alone. */
        @Override
        public String toString() {
            return "Mender exchange: " + request;
        }
    }

    /** Ends an exchange on an agent whose controller has gone: nobody would hear of its outcome. */
    private static final class EndOfChannel extends Channel.Listener {
        private final Thread thread;

        EndOfChannel(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void onClosed(Channel channel, IOException cause) {
            thread.interrupt();
        }
    }
}
