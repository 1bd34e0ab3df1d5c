package dev.weft.gateway.routing;

/**
 * Who asks.
 *
 * @param tenant whose adapters it may use
 * @param key that the choice among an alias's versions depends on: requests with the same key get
 *     the same version
 */
public record Caller(String tenant, String key) {}
