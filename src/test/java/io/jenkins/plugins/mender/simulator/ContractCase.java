package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.simulator.ContractClient.Answer;
import java.io.IOException;

/**
 * A request whose answers were recorded from real servers.
 *
 * @param name the case's name in the record
 * @param request makes the request
 * @param since41 what Mender 4.1 answers
 * @param in37 what Mender 3.7 answers
 * @param in36 what Mender 3.6 answers
 */
record ContractCase(String name, Request request, Expected since41, Expected in37, Expected in36) {

    /** Makes a request; may make others before. */
    @FunctionalInterface
    interface Request {
        Answer send(ContractClient client) throws IOException;
    }

    /**
     * An expected answer.
     *
     * @param status the HTTP status
     * @param words the text in {@code error}; null where the wording is the server's business
     */
    record Expected(int status, String words) {
        boolean fits(Answer answer) {
            return answer.status() == status && (words == null || words.equals(answer.words()));
        }
    }

    static ContractCase same(String name, Request request, int status, String words) {
        Expected expected = new Expected(status, words);
        return new ContractCase(name, request, expected, expected, expected);
    }

    static ContractCase same(String name, Request request, int status) {
        return same(name, request, status, null);
    }

    /** The words changed between 3.7 and 4.1. */
    static ContractCase reworded(String name, Request request, int status, String since41, String before) {
        Expected old = new Expected(status, before);
        return new ContractCase(name, request, new Expected(status, since41), old, old);
    }

    /** {@return what a flavour answers; 4.0 was not recorded and has the status of 3.7 and, if it can, the words of 4.1} */
    Expected expected(Flavour flavour) {
        return switch (flavour) {
            case MENDER_3_6 -> in36;
            case MENDER_3_7 -> in37;
            case MENDER_4_0 -> since41.status() == in37.status() ? since41 : in37;
            case MENDER_4_1 -> since41;
        };
    }

    /** {@return whether any of the recorded versions answers so} */
    boolean fitsAny(Answer answer) {
        return since41.fits(answer) || in37.fits(answer) || in36.fits(answer);
    }
}
