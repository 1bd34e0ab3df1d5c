package dev.weft.gateway.routing;

import dev.weft.protocol.feed.ServedVersion;

/** What a request's {@code model} stands for. */
public sealed interface Target {
    /** The name as the client wrote it. */
    String model();

    /** The base model without an adapter. */
    record Base(String model) implements Target {}

    /** An adapter over the base, in the version that was chosen on arrival. */
    record Adapter(String model, ServedVersion version) implements Target {}
}
