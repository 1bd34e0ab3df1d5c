package dev.weft.gateway.worker;

import java.util.Map;

/** The finding of a worker's probe. */
sealed interface ProbeResult {
    /** It takes requests for these base models; name and checkpoint. */
    record Ready(Map<String, String> bases) implements ProbeResult {
        public Ready {
            bases = Map.copyOf(bases);
        }
    }

    /** It answers that it takes no requests; it will answer those that it has. */
    record Refusing(String why) implements ProbeResult {}

    /** It answers that it is down: none of its requests makes progress. */
    record Down(String why) implements ProbeResult {}

    /** It answers, but not as a worker does. */
    record Strange(String why) implements ProbeResult {}

    /** The worker could not be asked: there was no connection, or it broke. */
    record Unreachable(String why) implements ProbeResult {}

    /** It did not answer in time. */
    record Silent(String why) implements ProbeResult {}

    /** The gateway itself did not run for a while, so nothing is known. */
    record Missed() implements ProbeResult {}
}
