package dev.weft.catalog.access;

import dev.weft.catalog.registry.Actor;
import dev.weft.model.adapter.AdapterId;

/**
 * Who asks, and the tenant whose adapters are meant.
 *
 * @param actor for the audit log
 */
public record Requester(Actor actor, String tenant) {
    /** The adapter or alias of that name of the tenant. */
    public AdapterId id(String name) {
        return new AdapterId(tenant, name);
    }
}
