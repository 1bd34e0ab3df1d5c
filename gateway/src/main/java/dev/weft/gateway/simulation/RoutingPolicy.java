package dev.weft.gateway.simulation;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.function.ObjIntConsumer;

/** A gateway's way of choosing the worker of a request. One thread. */
interface RoutingPolicy {
    /**
     * The worker's number.
     *
     * @param request the next one of that gateway
     */
    int choose(SimulatedRequest request, GatewayView view);

    /** True if the policy uses what workers tell; if not, they need not tell anything. */
    default boolean asksForStates() {
        return false;
    }

    /** Orders loads ahead of requests: {@code orders} gets an adapter and a worker's number. */
    default void ahead(GatewayView view, ObjIntConsumer<AdapterDigest> orders) {}
}
