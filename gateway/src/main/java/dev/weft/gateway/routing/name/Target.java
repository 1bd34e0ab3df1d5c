package dev.weft.gateway.routing.name;

import dev.weft.protocol.feed.ServedVersion;

/** What a request's {@code model} stands for. */
public sealed interface Target {
    /** The name as the client wrote it. */
    String model();

    /** The name of the base that workers serve it with. */
    String base();

    /** A base model without an adapter. */
    record Base(String model) implements Target {
        @Override
        public String base() {
            return model;
        }
    }

    /** An adapter over its base, in the version that was chosen on arrival. */
    record Adapter(String model, ServedVersion version, String base) implements Target {}
}
