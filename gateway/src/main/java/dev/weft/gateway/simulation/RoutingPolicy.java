package dev.weft.gateway.simulation;

/** A gateway's way of choosing the worker of a request. One thread. */
interface RoutingPolicy {
    /**
     * The worker's number.
     *
     * @param request the next one of that gateway
     */
    int choose(SimulatedRequest request, GatewayView view);
}
