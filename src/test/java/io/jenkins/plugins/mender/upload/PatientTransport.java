package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import java.time.Duration;

/**
 * Gives up soon on what the gateway is about to let hang, and on nothing else: however busy the machine is, only what is meant
 * to time out does.
 *
 * @param gateway where the requests go
 * @param soon when to give up: long enough for the gateway to take notice of the request
 * @param answered when to give up on an answer that the gateway keeps: long enough for the server to give it
 */
record PatientTransport(FaultyGateway gateway, Duration soon, Duration answered) implements Transport {
    @Override
    public Response send(Request request, Transport.Listener progress) throws TransportException, InterruptedException {
        Fault fault = request.body() instanceof FileUpload ? gateway.upcoming() : Fault.none();
        ConnectionSettings settings = ConnectionSettings.defaults();
        if (fault.hangs()) {
            boolean keepsAnswer = fault.kind() == Fault.Kind.HANG_AFTER_STORING;
            settings = settings.withTimeouts(
                    fault.hangsInBody() ? soon : settings.stallTimeout(), keepsAnswer ? answered : soon);
        }
        return new LocalTransport(settings).send(request, progress);
    }
}
