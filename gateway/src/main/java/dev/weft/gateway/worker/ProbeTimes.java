package dev.weft.gateway.worker;

import java.time.Duration;

/**
 * The times at which workers are probed. A worker that stops answering is noticed after {@code
 * pause + silence} at the latest, which is below {@link #NOTICED}.
 *
 * @param pause between two probes of a ready worker
 * @param pauseWhileNot between two probes of one that is not
 * @param silence after which a worker is given up: longest wait for the answer to a probe
 */
record ProbeTimes(Duration pause, Duration pauseWhileNot, Duration silence) {
    /** The longest time until clients and other workers are told of a worker that hangs. */
    static final Duration NOTICED = Duration.ofSeconds(5);

    /**
     * A worker that computes on all its cores may answer late: most of the time allows for that.
     */
    static final ProbeTimes DEFAULT =
            new ProbeTimes(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(3_500));

    ProbeTimes {
        if (pause.plus(silence).compareTo(NOTICED) >= 0) {
            throw new IllegalArgumentException(
                    "pause " + pause + " and silence " + silence + " take " + NOTICED + " or more");
        }
    }
}
