package dev.weft.access.holder;

import java.util.Arrays;
import java.util.Optional;

/** What a token lets its holder do. */
public enum Role {
    /** Send requests to gateways for a tenant's adapters; nothing at the catalog. */
    client,
    /** Look at a tenant's adapters. */
    viewer,
    /** Change a tenant's adapters. */
    owner,
    /** Everything, for every tenant. */
    admin,
    /** What gateways and workers need of each other and of the catalog. */
    service;

    /** True where a token of this role belongs to one tenant. */
    public boolean ofTenant() {
        return switch (this) {
            case client, viewer, owner -> true;
            case admin, service -> false;
        };
    }

    /** The role of that name. */
    public static Optional<Role> named(String name) {
        return Arrays.stream(values()).filter(role -> role.name().equals(name)).findFirst();
    }
}
