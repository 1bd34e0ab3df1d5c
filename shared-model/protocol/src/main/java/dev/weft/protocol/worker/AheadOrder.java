package dev.weft.protocol.worker;

import dev.weft.protocol.adapter.AdapterDigest;

/**
 * A gateway's order to a worker. {@code POST} to this address, without a body, has the worker load
 * an adapter for which requests are expected. The answer is 202 if the worker begins to, and 204 if
 * it does not need to or has something better to do.
 */
public final class AheadOrder {
    /** The address; its variable is a digest as {@link AdapterDigest#parse} reads it. */
    public static final String PATTERN = "/state/v1/adapters/{digest}/ahead";

    private AheadOrder() {}

    /** The address for an adapter. */
    public static String path(AdapterDigest adapter) {
        return PATTERN.replace("{digest}", adapter.toString());
    }
}
