package dev.weft.gateway.worker;

import java.time.Duration;

/**
 * When workers are probed. A worker that stops answering is noticed at the latest {@code pause +
 * silence} later, which is kept below {@link #NOTICED}.
 *
 * @param pause between two probes of a ready worker
 * @param pauseWhileNot between two probes of one that is not
 * @param silence that a worker is given up after: longest wait for the answer to a probe
 */
record ProbeTimes(Duration pause, Duration pauseWhileNot, Duration silence) {
    /** How soon clients and other workers are told of a worker that hangs. */
    static final Duration NOTICED = Duration.ofSeconds(5);

    /** A worker that computes on all its cores may answer late: most of the time is for that. */
    static final ProbeTimes DEFAULT =
            new ProbeTimes(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(3_500));

    ProbeTimes {
        if (pause.plus(silence).compareTo(NOTICED) >= 0) {
            throw new IllegalArgumentException(
                    "pause " + pause + " and silence " + silence + " take " + NOTICED + " or more");
        }
    }
}
