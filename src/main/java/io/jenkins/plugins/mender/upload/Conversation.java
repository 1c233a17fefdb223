package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;

/**
 * What everybody needs who talks to one server in one step.
 *
 * @param server the server
 * @param api its API, for the token's owner
 * @param token who asks
 * @param options how to upload
 * @param retry repeats what may pass
 * @param failures words for what does not
 * @param pacing the time
 * @param log where to tell what happens
 */
record Conversation(
        MenderServer server,
        MenderApi api,
        Token token,
        UploadOptions options,
        Retry retry,
        FailureReport failures,
        Pacing pacing,
        UploadLog log) {}
