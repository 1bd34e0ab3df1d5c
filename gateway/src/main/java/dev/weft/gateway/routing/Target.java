package dev.weft.gateway.routing;

import dev.weft.model.feed.CatalogEntry;

/** What a request's {@code model} stands for. */
public sealed interface Target {
    /** The name as the client wrote it. */
    String model();

    /** The base model without an adapter. */
    record Base(String model) implements Target {}

    /** An adapter over the base, pinned to the version the name stood for on arrival. */
    record Adapter(String model, CatalogEntry entry) implements Target {}
}
