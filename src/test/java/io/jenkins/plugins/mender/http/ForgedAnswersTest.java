package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as a forged agent sends them, past all that makes them on an agent that is the plugin's. */
class ForgedAnswersTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String MD5 = "0123456789abcdef".repeat(2);
    private static final List<Header> NONE = List.of();

    /** An answer as somebody else makes it. */
    private record Answer(
            int status,
            String reason,
            List<? extends Serializable> headers,
            byte[] content,
            boolean truncated,
            long sentBytes,
            String sentSha256,
            String sentMd5)
            implements Serializable {
        private static final long serialVersionUID = 1;

        /** Names it shortly: a list of it can be too long to print. */
        @Override
        public String toString() {
            return "forged";
        }
    }

    /** A header line as somebody else makes it. */
    private record Line(String name, String value) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** A file as somebody else names it. */
    private record Named(String name, String path, long size, long modified) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** A certificate as somebody else describes it. */
    private record Described(String subject, String issuer, Instant notBefore, Instant notAfter, List<String> names)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aGoodAnswerArrives() throws Exception {
        Response response = received(answer(201, "Created", List.of(new Line("a", "b")), 3, 10, SHA256));
        assertThat(response.status(), is(201));
        assertThat(response.header("A").orElseThrow(), is("b"));
        assertThat(response.content().length, is(3));
        response.checkAgainst(upload(10));
    }

    static List<Answer> impossible() {
        return List.of(
                answer(0, "", NONE, 0, 0, ""),
                answer(-1, "", NONE, 0, 0, ""),
                answer(1000, "", NONE, 0, 0, ""),
                answer(Integer.MIN_VALUE, "", NONE, 0, 0, ""),
                answer(200, null, NONE, 0, 0, ""),
                answer(200, "", null, 0, 0, ""),
                answer(200, "", List.of(new Line(null, "")), 0, 0, ""),
                answer(200, "", List.of(new Line("", null)), 0, 0, ""),
                answer(200, "", List.of("no header"), 0, 0, ""),
                answer(200, "", (List<? extends Serializable>) Collections.nCopies(3, (Serializable) null), 0, 0, ""),
                new Answer(200, "", NONE, null, false, 0, "", ""),
                answer(200, "", NONE, 0, -1, ""),
                answer(200, "", NONE, 0, Long.MIN_VALUE, ""),
                answer(200, "", NONE, 0, 0, null),
                answer(200, "", NONE, 0, 0, SHA256.substring(1)),
                answer(200, "", NONE, 0, 0, SHA256 + "\n[Mender] Uploaded"),
                answer(200, "", NONE, 0, 0, SHA256.toUpperCase(java.util.Locale.ROOT)),
                new Answer(200, "", NONE, new byte[0], false, 0, SHA256, ""),
                new Answer(200, "", NONE, new byte[0], false, 0, "", MD5),
                new Answer(200, "", NONE, new byte[0], false, 0, SHA256, null),
                new Answer(200, "", NONE, new byte[0], false, 0, SHA256, "../../../secret"));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void anAnswerThatNoExchangeComesToDoesNotArrive(Answer answer) {
        assertThrows(InvalidObjectException.class, () -> received(answer));
    }

    @Test
    void anAnswerOfAnyLengthIsCut() throws Exception {
        Response response = received(answer(
                200,
                "x".repeat(1_000_000),
                Collections.nCopies(Integer.MAX_VALUE, new Line("n".repeat(1_000_000), "v".repeat(1_000_000))),
                0,
                0,
                ""));
        assertThat(response.reason().length(), is(8192));
        assertThat(response.headers(), hasSize(100));
        assertThat(response.headers().get(99).name().length(), is(8192));
        assertThat(response.headers().get(99).value().length(), is(8192));
    }

    @Test
    void anAnswerIsNoMoreThanWasAskedFor() throws Exception {
        Request get = get().keeping(1000);
        int most = Request.ERROR_BYTES;
        received(answer(200, "", NONE, 1000, 0, "")).checkAgainst(get);
        received(answer(404, "", NONE, most, 0, "")).checkAgainst(get);
        assertBreach("1001 bytes of content", answer(200, "", NONE, 1001, 0, ""), get);
        assertBreach(most + 1 + " bytes of content", answer(404, "", NONE, most + 1, 0, ""), get);
        assertBreach("11 bytes sent of 10", answer(201, "", NONE, 0, 11, ""), upload(10));
        assertBreach("1 bytes sent of 0", answer(200, "", NONE, 0, 1, ""), get);
        assertBreach("a checksum of no file", answer(200, "", NONE, 0, 0, SHA256), get);
    }

    static List<Named> impossibleFiles() {
        return List.of(
                new Named(null, "/a", 1, 0),
                new Named("a", null, 1, 0),
                new Named("", "/a", 1, 0),
                new Named("a", "", 1, 0),
                new Named("/etc/passwd", "/etc/passwd", 1, 0),
                new Named("../a", "/a", 1, 0),
                new Named("build/../../a", "/a", 1, 0),
                new Named("build/..", "/a", 1, 0),
                new Named("a", "/a", -1, 0),
                new Named("a".repeat(4097), "/a", 1, 0),
                new Named("a", "/".repeat(32 * 1024 + 1), 1, 0));
    }

    @ParameterizedTest
    @MethodSource("impossibleFiles")
    void aFileThatIsNoneOfTheWorkspaceDoesNotArrive(Named file) throws Exception {
        byte[] sent = Wire.forged(file, Named.class, ArtifactFile.class);
        assertThrows(InvalidObjectException.class, () -> Wire.read(sent));
    }

    @Test
    void anExceptionOfAnAgentIsMadeAnewOfWhatMayBeTold() {
        TransportException e =
                new TransportException(null, "\u001b[31mno\nFinished: SUCCESS" + "x".repeat(9999), -5, true);
        e.addSuppressed(new IllegalStateException("x"));
        TransportException received = e.received(100);
        assertThat(received.failure(), is(Failure.AGENT));
        assertThat(received.getMessage(), containsString("?[31mno Finished: SUCCESS"));
        assertThat(received.getMessage().length(), lessThanOrEqualTo(1001));
        assertThat(received.sentBytes(), is(0L));
        assertThat(received.getSuppressed().length, is(0));
        assertThat(
                new TransportException(Failure.CUT, null, 500, true)
                        .received(100)
                        .sentBytes(),
                is(100L));
    }

    @Test
    void aCertificateIsDescribedOnOneLine() throws Exception {
        Described forged = new Described(
                "CN=a\nFinished: SUCCESS",
                "CN=\u202e" + "x".repeat(9999),
                Instant.MIN,
                Instant.MAX,
                Collections.nCopies(Integer.MAX_VALUE, "a\r\nb"));
        ServerCertificate certificate =
                (ServerCertificate) Wire.read(Wire.forged(forged, Described.class, ServerCertificate.class));
        assertThat(certificate.subject(), is("CN=a Finished: SUCCESS"));
        assertThat(certificate.issuer().length(), is(201));
        assertThat(certificate.names(), is(Collections.nCopies(20, "a b")));
        byte[] timeless =
                Wire.forged(new Described("a", "b", null, null, List.of()), Described.class, ServerCertificate.class);
        assertThrows(InvalidObjectException.class, () -> Wire.read(timeless));
    }

    private static void assertBreach(String breach, Answer answer, Request request) throws Exception {
        Response response = received(answer);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> response.checkAgainst(request));
        assertThat(e.getMessage(), is(breach));
    }

    private static Answer answer(
            int status, String reason, List<? extends Serializable> headers, int length, long sent, String sha256) {
        String md5 = sha256 == null || sha256.isEmpty() ? "" : MD5;
        return new Answer(status, reason, headers, new byte[length], false, sent, sha256, md5);
    }

    private static Response received(Answer answer) throws Exception {
        return (Response) Wire.read(Wire.forged(answer, Answer.class, Response.class, Line.class, Header.class));
    }

    private static Request get() {
        return new Request("GET", URI.create("https://mender.example.com"), NONE, new Request.Body.None(), false);
    }

    private static Request upload(long size) {
        FileUpload body = new FileUpload(List.of(), "artifact", "a.mender", "/a.mender", size);
        return new Request("POST", URI.create("https://mender.example.com"), NONE, body, true);
    }
}
