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

    /** Whether it asks for what workers tell; if it does not, they need not tell anything. */
    default boolean asksForStates() {
        return false;
    }

    /** Tells what to load before it is asked for: an adapter and the worker's number. */
    default void ahead(GatewayView view, ObjIntConsumer<AdapterDigest> orders) {}
}
