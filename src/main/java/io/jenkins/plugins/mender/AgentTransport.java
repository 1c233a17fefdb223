package io.jenkins.plugins.mender;

import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.api.ApiRequest;
import io.jenkins.plugins.mender.api.ApiResponse;
import io.jenkins.plugins.mender.api.ConnectionSettings;
import io.jenkins.plugins.mender.api.ExchangeListener;
import io.jenkins.plugins.mender.api.LocalTransport;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import io.jenkins.plugins.mender.api.Transport;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * Ships each exchange to the machine where the workspace lies, so that the file's bytes never cross the controller. An
 * interrupt here interrupts the exchange there, and so does the end of the connection between the two.
 */
final class AgentTransport implements Transport {
    private static final int LIMIT = 200;

    private final Workspace workspace;
    private final ConnectionSettings settings;

    AgentTransport(Workspace workspace, ConnectionSettings settings) {
        this.workspace = workspace;
        this.settings = settings;
    }

    @Override
    public ApiResponse send(ApiRequest request, ExchangeListener listener)
            throws TransportException, InterruptedException {
        boolean file = request.body() instanceof FileUpload;
        try {
            VirtualChannel agent = workspace.get().getChannel();
            ExchangeListener heard = file ? agent.export(ExchangeListener.class, listener) : null;
            return workspace.act(new Exchange(settings.towards(request.uri().getHost()), request, heard));
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof TransportException failure) {
                    throw failure;
                }
            }
            throw new TransportException(
                    Failure.AGENT, PlainText.oneLine(String.valueOf(e.getMessage()), LIMIT), 0, file);
        }
    }

    /**
     * One exchange on its way to an agent.
     *
     * @param settings timeouts, proxy and trust
     * @param request what to send, the token in it
     * @param heard hears on the controller how far a file has come; null for a request without one
     */
    private record Exchange(ConnectionSettings settings, ApiRequest request, ExchangeListener heard)
            implements ControllerToAgentFileCallable<ApiResponse> {
        private static final long serialVersionUID = 1;

        @Override
        public ApiResponse invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            LocalTransport transport = new LocalTransport(settings);
            ExchangeListener listener = heard == null ? ExchangeListener.NONE : heard;
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
