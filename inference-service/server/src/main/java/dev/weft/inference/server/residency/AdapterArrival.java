package dev.weft.inference.server.residency;

import java.util.Map;

/**
 * How an adapter came into its slot for a request.
 *
 * @param from its place when the request asked for it
 * @param stageNanos time of each stage that was needed for that, even if another request asked
 *     first
 */
public record AdapterArrival(From from, Map<String, Long> stageNanos) {
    /** The arrival of an adapter that was in a slot already. */
    public static final AdapterArrival RESIDENT = new AdapterArrival(From.SLOT, Map.of());

    /** The place where an adapter was. */
    public enum From {
        SLOT,
        HOST,
        DISK,
        CATALOG
    }

    public AdapterArrival {
        stageNanos = Map.copyOf(stageNanos);
    }
}
