package dev.weft.protocol.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/**
 * The adapters that a worker should hold: the answer to its report.
 *
 * @param pins adapters that must stay in slots as long as they are named
 * @param prefetches adapters that are brought into a slot once
 */
public record ResidencyOrders(List<Order> pins, List<Order> prefetches) {
    /** One adapter; the id identifies its outcome. */
    public record Order(long id, AdapterDigest digest) {}

    public ResidencyOrders {
        pins = List.copyOf(pins);
        prefetches = List.copyOf(prefetches);
    }
}
