package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.DeviceCounts;
import java.io.Serializable;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a deployment is a success. Where one of the two limits is given, it stands for the other: three failures allowed mean all but three
 * have to have it, and 95 % mean that the rest may fail. Where neither is given all have to.
 *
 * @param minSuccess how many devices have to have it, as users write it: a number, or per cent of the target such as {@code 95%}; or null
 * @param maxFailures how many may fail; negative when that is not given
 * @param abortOnFailure whether to abort a deployment that can be no success any more
 * @param timeout how long to wait
 * @param onTimeout what to do then
 */
public record DeploymentGoal(
        String minSuccess, int maxFailures, boolean abortOnFailure, Duration timeout, OnTimeout onTimeout)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,7})|(\\d{1,3}(?:\\.\\d{1,4})?)\\s*%");

    /** What to do with a deployment that takes too long. */
    public enum OnTimeout {
        /** Abort it, and fail. */
        ABORT,
        /** Leave it, and fail. */
        LEAVE,
        /** Leave it, and succeed if {@code minSuccess} of the devices that answered have it. */
        ACCEPT
    }

    /** What can be said of a deployment. */
    public enum Verdict {
        /** Nothing yet. */
        OPEN,
        /** It was created, and is not waited for. */
        STARTED,
        /** Enough devices have it. */
        SUCCESS,
        /** Enough of the devices that answered in time have it. */
        ACCEPTED,
        /** Too few devices have it, or can have it. */
        FAILURE,
        /** Too few devices have it in time. */
        LATE;

        /** {@return whether it makes the build green} */
        public boolean isGood() {
            return this == STARTED || this == SUCCESS || this == ACCEPTED;
        }
    }

    /** {@return whether a text is a number from 1 or per cent from above 0 to 100} */
    public static boolean isLimit(String text) {
        Matcher limit = LIMIT.matcher(text.strip());
        if (!limit.matches()) {
            return false;
        }
        return limit.group(1) != null
                ? Integer.parseInt(limit.group(1)) > 0
                : Double.parseDouble(limit.group(2)) > 0 && Double.parseDouble(limit.group(2)) <= 100;
    }

    /**
     * Judges a deployment.
     *
     * @param counts what the devices have answered
     * @param total for how many devices it was made
     * @param finished whether none of them will answer any more
     * @param late whether the time is over
     */
    Verdict judge(DeviceCounts counts, int total, boolean finished, boolean late) {
        int base = total - counts.decommissioned();
        int good = counts.succeeded();
        int bad = counts.failed();
        int open = Math.max(0, base - good - bad);
        int allowed = allowed();
        int needed = needed(base);
        if (bad > allowed || good + open < needed) {
            return Verdict.FAILURE;
        }
        if (good >= needed && (finished || late || open <= allowed - bad)) {
            return Verdict.SUCCESS;
        }
        if (finished) {
            return Verdict.FAILURE;
        }
        if (!late) {
            return Verdict.OPEN;
        }
        return onTimeout == OnTimeout.ACCEPT && good >= needed(good + bad) ? Verdict.ACCEPTED : Verdict.LATE;
    }

    private int allowed() {
        if (maxFailures >= 0) {
            return maxFailures;
        }
        return minSuccess == null ? 0 : Integer.MAX_VALUE;
    }

    /** {@return how many of so many devices have to have it, always one at least} */
    int needed(int base) {
        if (minSuccess == null) {
            return Math.max(1, base - allowed());
        }
        Matcher limit = LIMIT.matcher(minSuccess.strip());
        if (!limit.matches()) {
            throw new IllegalStateException(minSuccess);
        }
        return limit.group(1) != null
                ? Integer.parseInt(limit.group(1))
                : Math.max(1, (int) Math.ceil(base * Double.parseDouble(limit.group(2)) / 100 - 1e-9));
    }
}
