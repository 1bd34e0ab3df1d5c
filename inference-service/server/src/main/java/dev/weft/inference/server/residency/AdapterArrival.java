package dev.weft.inference.server.residency;

import java.util.Map;

/**
 * How an adapter came into the slot that a request has it in.
 *
 * @param from where it was when the request asked for it
 * @param stageNanos time of each stage that was needed for that, whoever asked first
 */
public record AdapterArrival(From from, Map<String, Long> stageNanos) {
    /** It was in a slot already. */
    public static final AdapterArrival RESIDENT = new AdapterArrival(From.SLOT, Map.of());

    /** Where an adapter was. */
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
