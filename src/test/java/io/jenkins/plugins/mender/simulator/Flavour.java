package io.jenkins.plugins.mender.simulator;

/** The version of Mender Server whose answers are given. The words of 4.0 were not recorded; they are those of 4.1. */
public enum Flavour {
    /** Mender 3.6, service deployments 4.5. */
    MENDER_3_6,
    /** Mender 3.7, service deployments 4.6. */
    MENDER_3_7,
    /** Mender Server 4.0: no list v2, relative {@code Location}. */
    MENDER_4_0,
    /** Mender Server 4.1. */
    MENDER_4_1;

    /** {@return whether this version is at least another} */
    public boolean since(Flavour other) {
        return compareTo(other) >= 0;
    }

    /** {@return the words before 4.0 or those since} */
    String words(String before, String since) {
        return since(MENDER_4_0) ? since : before;
    }
}
