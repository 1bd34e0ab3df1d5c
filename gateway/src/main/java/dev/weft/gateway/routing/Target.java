package dev.weft.gateway.routing;

import dev.weft.model.feed.ServedVersion;

/** What a request's {@code model} stands for. */
public sealed interface Target {
    /** The name as the client wrote it. */
    String model();

    /** The name that its figures are kept under: there are no more of those than names. */
    String figure();

    /** The base model without an adapter. */
    record Base(String model) implements Target {
        @Override
        public String figure() {
            return model;
        }
    }

    /**
     * An adapter over the base, held to the version that was chosen on arrival.
     *
     * @param name of the adapter or alias, without a version: what figures are kept under
     */
    record Adapter(String model, String name, ServedVersion version) implements Target {
        @Override
        public String figure() {
            return name;
        }
    }
}
