package dev.weft.gateway.queue;

import dev.weft.access.holder.Priority;

/**
 * A request that has to wait.
 *
 * @param path of the API that it asks for, which not every worker of its base may serve
 * @param bytes of its body, which stays in memory meanwhile
 */
public record Newcomer(String tenant, Priority priority, String path, int bytes) {}
