package dev.weft.gateway.worker;

import java.util.Map;

/** What a probe of a worker found. */
sealed interface ProbeResult {
    /** It takes requests for these base models; name and checkpoint. */
    record Ready(Map<String, String> bases) implements ProbeResult {
        public Ready {
            bases = Map.copyOf(bases);
        }
    }

    /** It answers, and says that it takes no requests; those it has it will answer. */
    record Refusing(String why) implements ProbeResult {}

    /** It answers, and says that it is down: of the requests that it has none goes on. */
    record Down(String why) implements ProbeResult {}

    /** It answers, but not as a worker does. */
    record Strange(String why) implements ProbeResult {}

    /** Nobody could be asked: no connection, or one that broke. */
    record Unreachable(String why) implements ProbeResult {}

    /** It did not answer in time. */
    record Silent(String why) implements ProbeResult {}

    /** The gateway itself did not run for a while, so that nothing is known. */
    record Missed() implements ProbeResult {}
}
