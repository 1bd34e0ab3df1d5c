package dev.weft.gateway.body;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway reads of a request's body.
 *
 * @param model as the client wrote it; not empty
 * @param user whom the client says it asks for: {@code safety_identifier}, else {@code user}; null
 *     where it does not say
 */
public record RequestHead(String model, @Nullable String user) {}
