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

    /** It answers, and says that it takes no requests. */
    record Refusing(String why) implements ProbeResult {}

    /** Nobody listens there, or somebody else. */
    record NotReady(String why) implements ProbeResult {}

    /** It did not answer in time; it may only be busy. */
    record Silent(String why) implements ProbeResult {}
}
