package io.jenkins.plugins.mender;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.api.ApiRequest;
import io.jenkins.plugins.mender.api.ApiResponse;
import io.jenkins.plugins.mender.api.ConnectionSettings;
import io.jenkins.plugins.mender.api.LocalTransport;
import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import io.jenkins.plugins.mender.api.Transport;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * Ships each exchange to the machine where the workspace lies, so that the file's bytes never cross the controller. An
 * interrupt here interrupts the exchange there.
 */
final class AgentTransport implements Transport {
    private final FilePath workspace;
    private final ConnectionSettings settings;

    AgentTransport(FilePath workspace, ConnectionSettings settings) {
        this.workspace = workspace;
        this.settings = settings;
    }

    @Override
    public ApiResponse send(ApiRequest request) throws TransportException, InterruptedException {
        try {
            return workspace.act(new Exchange(settings, request));
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof TransportException failure) {
                    throw failure;
                }
            }
            boolean perhapsSent = request.body() instanceof FileUpload;
            throw new TransportException(Failure.AGENT, e.getClass().getSimpleName(), 0, perhapsSent);
        }
    }

    /**
     * One exchange on its way to an agent.
     *
     * @param settings timeouts, proxy and trust
     * @param request what to send, the token in it
     */
    private record Exchange(ConnectionSettings settings, ApiRequest request)
            implements ControllerToAgentFileCallable<ApiResponse> {
        private static final long serialVersionUID = 1;

        @Override
        public ApiResponse invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            return new LocalTransport(settings).send(request);
        }

        /** Remoting keeps and logs the string form of what it carries: method and address alone. */
        @Override
        public String toString() {
            return "Mender exchange: " + request;
        }
    }
}
