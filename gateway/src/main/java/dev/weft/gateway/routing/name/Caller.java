package dev.weft.gateway.routing.name;

/**
 * The sender of a request.
 *
 * @param tenant whose adapters it may use
 * @param key decides the choice among an alias's versions: requests with the same key get the same
 *     version
 */
public record Caller(String tenant, String key) {}
