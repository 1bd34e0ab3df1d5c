package dev.weft.protocol.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/**
 * What a worker is to hold: the answer to its report.
 *
 * @param pins adapters that are to stay in slots, until they are not named any more
 * @param prefetches adapters that are to be brought into a slot once
 */
public record ResidencyOrders(List<Order> pins, List<Order> prefetches) {
    /** One adapter; the id is for the outcome. */
    public record Order(long id, AdapterDigest digest) {}

    public ResidencyOrders {
        pins = List.copyOf(pins);
        prefetches = List.copyOf(prefetches);
    }
}
