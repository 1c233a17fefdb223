package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Compression;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Uploads to one server with one credential: logs in if need be, judges all files, then sends one after another. Whoever takes
 * part in it finds here what they talk to the server and to the log with.
 */
public final class UploadSession {
    final MenderServer server;
    final MenderApi api;
    final Token token;
    final UploadOptions options;
    final Retry retry;
    final FailureReport failures;
    final Pacing pacing;
    final UploadLog log;

    /** The ids of what the same build uploaded before. */
    Set<String> own = Set.of();

    /** The address of the token's owner, empty when it is not known. */
    private String owner = "";

    private UploadSession(
            MenderServer server,
            MenderApi api,
            Token token,
            UploadOptions options,
            Retry retry,
            FailureReport failures,
            Pacing pacing,
            UploadLog log) {
        this.server = server;
        this.api = api;
        this.token = token;
        this.options = options;
        this.retry = retry;
        this.failures = failures;
        this.pacing = pacing;
        this.log = log;
    }

    /** {@return lines that name the proxy, if there is one on the way to a server, and warn of what makes the way unsafe} */
    public static List<String> notes(MenderServer server, ConnectionSettings settings) {
        List<String> lines = new ArrayList<>();
        settings.proxyFor(server.url().getHost())
                .ifPresent(proxy -> lines.add(
                        proxy.equals(ProxySettings.OF_THE_MACHINE)
                                ? Texts.get("log.proxyOfMachine")
                                : Texts.get("log.throughProxy", proxy)));
        if (settings.skipCertificateCheck() && server.isEncrypted()) {
            lines.add(Texts.get("log.certificateNotChecked", server));
        }
        return lines;
    }

    /**
     * Opens the session: warns of an unencrypted way, logs in when the credential is a user's name and password, and asks who
     * the token belongs to, so that a refused token is noticed before anything is sent.
     *
     * @param transport the way requests go
     * @param server where they go
     * @param credential what opens the server
     * @param options how to upload
     * @param pacing the time
     * @param log where to tell what happens
     * @return the session
     * @throws UploadFailure when the server cannot be reached or refuses the credential
     * @throws InterruptedException when the thread was interrupted
     */
    public static UploadSession open(
            Transport transport,
            MenderServer server,
            Credential credential,
            UploadOptions options,
            Pacing pacing,
            UploadLog log)
            throws UploadFailure, InterruptedException {
        if (server.isUnencrypted()) {
            log.line(Texts.get("log.unencrypted", server));
        }
        UploadSession session = logIn(transport, server, credential, options, pacing, log);
        session.owner = session.askOwner();
        return session;
    }

    /** Opens the session without a request, unless the credential is a user's name and password. */
    static UploadSession logIn(
            Transport transport,
            MenderServer server,
            Credential credential,
            UploadOptions options,
            Pacing pacing,
            UploadLog log)
            throws UploadFailure, InterruptedException {
        FailureReport refusals = new FailureReport(server, credential, null, pacing);
        Retry retry = new Retry(options.maxAttempts(), server, pacing, log);
        Token token;
        try {
            token = credential instanceof Credential.Login login
                    ? retry.call(() -> MenderApi.login(transport, server, login.user(), login.password()))
                    : Token.of(((Credential.BearerToken) credential).secret());
        } catch (ApiError e) {
            throw refusals.login(e);
        } catch (TransportException e) {
            throw refusals.unanswered(e);
        } catch (IllegalArgumentException e) {
            throw refusals.unusableToken();
        }
        FailureReport failures = new FailureReport(server, credential, token, pacing);
        failures.checkValidity(log);
        MenderApi api = new MenderApi(transport, server, token);
        return new UploadSession(server, api, token, options, retry, failures, pacing, log);
    }

    /** A role that may upload need not be allowed to ask, so only a refused token ends the session. */
    private String askOwner() throws UploadFailure, InterruptedException {
        try {
            String email = retry.call(api::me).email();
            return email == null ? "" : Texts.line(email);
        } catch (ApiError e) {
            if (e.status() == 401) {
                throw failures.refused(e);
            }
            return "";
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
    }

    /** Writes a sentence of {@link Texts} to the log. */
    void tell(String key, Object... arguments) {
        log.line(Texts.get(key, arguments));
    }

    /**
     * Tells what the same build uploaded before, in a step of its own: where a file is the same as one of these, it is done.
     *
     * @param ids the ids of Artifacts
     * @return this session
     */
    public UploadSession knowing(Set<String> ids) {
        own = Set.copyOf(ids);
        return this;
    }

    /**
     * Tells where to look for another token when the server refuses this one: it may have been renewed since.
     *
     * @param credentials gives what the credentials hold now, or null when they are gone
     * @return this session
     */
    public UploadSession rereading(Supplier<Credential> credentials) {
        api.renewedBy(() -> {
            if (!(credentials.get() instanceof Credential.BearerToken current)) {
                return Optional.empty();
            }
            try {
                Token other = Token.of(current.secret());
                if (failures.isRenewed(other)) {
                    tell("log.tokenRenewed", current.id());
                }
                return Optional.of(other);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
        return this;
    }

    /** Uploads files in a run that nothing came before; see {@link #upload(List, UploadJournal)}. */
    public List<UploadResult> upload(List<PreparedArtifact> artifacts) throws UploadFailure, InterruptedException {
        return upload(artifacts, new UploadJournal());
    }

    /**
     * Uploads files. What stands in the way of any of them is found before the first is sent; one that fails stops the rest.
     *
     * @param artifacts the files, on the machine that the transport sends from
     * @param journal what is known of them from a run that broke off, and where to note what becomes of them
     * @return what is on the server now, in the order of the files
     * @throws UploadFailure when it did not work, or may not have
     * @throws InterruptedException when the thread was interrupted; the connection is closed then
     */
    public List<UploadResult> upload(List<PreparedArtifact> artifacts, UploadJournal journal)
            throws UploadFailure, InterruptedException {
        ExistingArtifacts existing = new ExistingArtifacts(this);
        List<Decision> decisions = new ArrayList<>();
        for (PreparedArtifact artifact : artifacts) {
            announce(artifact);
            decisions.add(decide(artifact, existing, journal));
        }
        List<UploadResult> results = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            PreparedArtifact artifact = artifacts.get(i);
            String file = artifact.file().name();
            if (artifacts.size() > 1) {
                tell("log.file", i + 1, artifacts.size(), Texts.line(file));
            }
            Optional<UploadResult> before = journal.result(file);
            if (before.isPresent()) {
                tell("log.before", before.get().id());
                results.add(before.get());
                continue;
            }
            try {
                results.add(new ArtifactUpload(this, existing, journal, artifact).carryOut(decisions.get(i)));
            } catch (UploadFailure e) {
                throw e.after(results, artifacts.size());
            }
            if (!options.dryRun()) {
                journal.done(file, results.get(i));
            }
        }
        return results;
    }

    private Decision decide(PreparedArtifact artifact, ExistingArtifacts existing, UploadJournal journal)
            throws UploadFailure, InterruptedException {
        String file = artifact.file().name();
        if (journal.result(file).isPresent()) {
            return Decision.SEND;
        }
        if (journal.isUnderWay(file)) {
            tell("log.resumed", Texts.line(file));
            Optional<Artifact> arrived = existing.arrived(artifact, journal.replaced(file), failures.brokenOff(file));
            if (arrived.isPresent()) {
                return new Decision(Outcome.RECOVERED, arrived.get());
            }
        }
        return existing.decide(artifact);
    }

    private void announce(PreparedArtifact artifact) {
        tell(
                owner.isEmpty() ? "log.uploading" : "log.uploadingAs",
                Texts.line(artifact.file().name()),
                Texts.size(artifact.file().size()),
                server.label(),
                owner);
        artifact.known()
                .ifPresent(known ->
                        new ArtifactTable(artifact.file(), known).lines().forEach(log::line));
    }

    /** The table of what is about to be sent. Everything in it comes from the file and is made fit for a line. */
    record ArtifactTable(ArtifactFile file, Known known) {
        private static final int MOST_NAMES = 10;

        /** {@return the table's lines} */
        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(row("table.artifact", Texts.line(known.header().name()) + ", " + Texts.size(file.size())));
            lines.add(row("table.devices", names(known.header().deviceTypes())));
            for (Map.Entry<String, List<String>> depend :
                    known.header().depends().entrySet()) {
                if (!depend.getKey().equals(ArtifactHeader.DEVICE_TYPE)) {
                    lines.add(row("table.depends", Texts.line(depend.getKey()) + " " + names(depend.getValue())));
                }
            }
            if (!known.contents().scripts().isEmpty()) {
                lines.add(row("table.scripts", names(known.contents().scripts())));
            }
            for (int i = 0; i < known.contents().payloads().size(); i++) {
                lines.add(row("table.payload", payload(i)));
            }
            return lines;
        }

        private String payload(int index) {
            Payload payload = known.contents().payloads().get(index);
            List<String> types = known.header().payloadTypes();
            String type = index < types.size() ? types.get(index) : "";
            String name = type.isEmpty() ? Texts.get("table.empty") : Texts.line(type);
            List<String> words = new ArrayList<>();
            words.add(
                    payload.files().isEmpty()
                            ? name
                            : name + " (" + first(payload.files(), ArtifactTable::fileText) + ")");
            if (index == 0) {
                if (known.contents().signed()) {
                    words.add(Texts.get("table.signed"));
                }
                words.add(Texts.get("table.format", known.header().formatVersion()));
            }
            words.add(
                    payload.compression() == Compression.NONE
                            ? Texts.get("table.uncompressed")
                            : payload.compression().name().toLowerCase(Locale.ROOT));
            return String.join(", ", words);
        }

        private static String fileText(PayloadFile one) {
            return one.sizeKnown() ? Texts.line(one.name()) + ", " + Texts.size(one.size()) : Texts.line(one.name());
        }

        private static String names(List<String> names) {
            return first(names, Texts::line);
        }

        private static <T> String first(List<T> all, Function<T, String> text) {
            String first = all.stream().limit(MOST_NAMES).map(text).collect(Collectors.joining(", "));
            return all.size() > MOST_NAMES ? first + Texts.get("table.more", all.size() - MOST_NAMES) : first;
        }

        private static String row(String key, String value) {
            return String.format(Locale.ROOT, "  %-13s %s", Texts.get(key), value);
        }
    }
}
