package dev.weft.gateway.queue;

import dev.weft.access.holder.Priority;

/**
 * A request that has to wait.
 *
 * @param bytes of its body, which stays in memory meanwhile
 */
public record Newcomer(String tenant, Priority priority, int bytes) {}
