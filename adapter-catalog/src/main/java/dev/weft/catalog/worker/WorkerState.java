package dev.weft.catalog.worker;

import dev.weft.protocol.residency.HeldAdapter;
import java.time.Instant;
import java.util.List;

/**
 * A worker as it last reported.
 *
 * @param alive whether it has reported within {@link Workers#SILENCE}
 */
public record WorkerState(
        String id, String address, int slots, List<HeldAdapter> held, Instant seen, boolean alive) {
    public WorkerState {
        held = List.copyOf(held);
    }
}
