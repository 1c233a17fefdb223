package io.jenkins.plugins.mender.simulator;

import java.util.Collections;
import java.util.List;

/**
 * One row of the fault matrix: what happens to an upload on its way, and what must come of it.
 *
 * @param name what happens
 * @param faults what the gateway does to one upload after another; those after them get through
 * @param outcome the outcome of the step, empty when it must fail
 * @param stored how many Artifacts the server holds afterwards
 * @param uploads how many uploads were begun
 * @param words what the log tells
 */
public record FaultCase(String name, List<Fault> faults, String outcome, int stored, int uploads, String words) {

    /** The size of the payload: more than all buffers on the way hold together. */
    public static final long FILE_BYTES = 24L * 1024 * 1024;

    /** {@return all rows that a gateway can play; five attempts, a file of {@link #FILE_BYTES}} */
    public static List<FaultCase> all() {
        return List.of(
                sent("no fault", 1, "HTTP 201 Created", Fault.none()),
                sent("reset at 0 %", 2, "without 'Expect: 100-continue'", Fault.of(Fault.Kind.RESET, 0)),
                sent("reset at 50 %", 2, "was cut", Fault.of(Fault.Kind.RESET, 0.5)),
                sent("reset at 50 %, twice", 3, "Attempt 2 of 5 in 1.0 s.", twice(Fault.of(Fault.Kind.RESET, 0.5))),
                sent("reset at 100 %, not stored", 2, "Attempt 2 of 5 in 1.0 s.", Fault.of(Fault.Kind.RESET)),
                found("reset at 100 %, stored", Fault.of(Fault.Kind.RESET_AFTER_STORING)),
                found("reset after the answer's first byte", Fault.of(Fault.Kind.RESET_WITHIN_ANSWER)),
                sent("hang before the body", 2, "stalled", Fault.of(Fault.Kind.HANG, 0)),
                sent("hang in the body", 2, "stalled", Fault.of(Fault.Kind.HANG, 0.5)),
                sent("hang after the body, not stored", 2, "did not answer", Fault.of(Fault.Kind.HANG)),
                found("hang after the body, stored", Fault.of(Fault.Kind.HANG_AFTER_STORING)),
                sent("429 with Retry-After", 2, "Attempt 2 of 5 in 7.0 s.", Fault.answer(429, "Retry-After: 7")),
                sent("500, then success", 2, "HTTP 500 Faulty, without a word", Fault.answer(500)),
                found("502 after the body, stored", Fault.answerAfterStoring(502)),
                sent("502 after the body, not stored", 2, "HTTP 502 Faulty", Fault.answer(502)),
                failed(
                        "early 413 with close",
                        1,
                        "The Artifact is too large",
                        Fault.answer(413).at(0.1)),
                failed("401", 1, "401", Fault.answer(401)),
                new FaultCase(
                        "503 for ever",
                        Collections.nCopies(9, Fault.answer(503)),
                        "",
                        0,
                        5,
                        "Attempt 5 of 5 in 8.0 s."),
                new FaultCase(
                        "stored, and never told",
                        List.of(Fault.of(Fault.Kind.RESET), Fault.answerAfterStoring(504)),
                        "RECOVERED",
                        1,
                        2,
                        "The Artifact has arrived"),
                sent("a slow server", 1, "HTTP 201 Created", Fault.of(Fault.Kind.SLOW, 0.1)),
                sent("a slow answer", 1, "HTTP 201 Created", Fault.of(Fault.Kind.SLOW_ANSWER)));
    }

    private static Fault[] twice(Fault fault) {
        return new Fault[] {fault, fault};
    }

    private static FaultCase sent(String name, int uploads, String words, Fault... faults) {
        return new FaultCase(name, List.of(faults), "UPLOADED", 1, uploads, words);
    }

    private static FaultCase found(String name, Fault fault) {
        return new FaultCase(
                name, List.of(fault), "RECOVERED", 1, 1, "The Artifact has arrived: the server holds it as");
    }

    private static FaultCase failed(String name, int uploads, String words, Fault fault) {
        return new FaultCase(name, List.of(fault), "", 0, uploads, words);
    }

    @Override
    public String toString() {
        return name;
    }
}
