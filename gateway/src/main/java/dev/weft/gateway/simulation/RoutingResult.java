package dev.weft.gateway.simulation;

/**
 * The outcome of one way of routing.
 *
 * @param requests that were counted
 * @param cold adapters that came from disk or from the catalog
 * @param reloads adapters that came back from host memory
 * @param evictions adapters that left a slot
 * @param ahead loads of both kinds that no request had asked for yet
 */
public record RoutingResult(
        String policy,
        int requests,
        FirstToken firstToken,
        long cold,
        long reloads,
        long evictions,
        long ahead) {
    /** Seconds from a request's arrival to its first token. */
    public record FirstToken(double p50, double p95, double p99) {}
}
