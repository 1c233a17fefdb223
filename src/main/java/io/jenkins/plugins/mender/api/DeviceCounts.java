package io.jenkins.plugins.mender.api;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many devices of a deployment are in which state. The counters of servers before 4.0, and those of an aborted deployment, leave out
 * devices that never asked for it.
 *
 * @param states the number for each of Mender's states, such as {@code already-installed}
 */
public record DeviceCounts(Map<String, Integer> states) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The states of devices that did not get it. */
    public static final Set<String> FAILED = Set.of("failure", "noartifact", "aborted");

    private static final Set<String> FINAL =
            Set.of("success", "already-installed", "failure", "noartifact", "aborted", "decommissioned");

    /** Nothing is known of any device. */
    public static final DeviceCounts NONE = new DeviceCounts(Map.of());

    public DeviceCounts {
        states = new TreeMap<>(states);
    }

    /** {@return how many are in a state} */
    public int of(String state) {
        return states.getOrDefault(state, 0);
    }

    /** {@return how many have it: installed now, or before} */
    public int succeeded() {
        return of("success") + of("already-installed");
    }

    /** {@return how many have answered that they did not get it} */
    public int failed() {
        return FAILED.stream().mapToInt(this::of).sum();
    }

    /** {@return how many were removed from the server since the deployment was created} */
    public int decommissioned() {
        return of("decommissioned");
    }

    /** {@return how many wait for somebody to let them go on} */
    public int paused() {
        return states.keySet().stream()
                .filter(state -> state.startsWith("pause"))
                .mapToInt(this::of)
                .sum();
    }

    /** {@return how many are at work} */
    public int active() {
        return states.keySet().stream()
                .filter(state -> !FINAL.contains(state) && !state.startsWith("pause") && !state.equals("pending"))
                .mapToInt(this::of)
                .sum();
    }

    /** {@return how many of a total have not begun} */
    public int pending(int total) {
        return Math.max(0, total - succeeded() - failed() - decommissioned() - paused() - active());
    }
}
