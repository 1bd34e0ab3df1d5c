package dev.weft.access.holder;

import java.util.Arrays;
import java.util.Optional;

/** The rights that a token gives its holder. */
public enum Role {
    /** Send requests to gateways for a tenant's adapters; nothing at the catalog. */
    client,
    /** Look at a tenant's adapters. */
    viewer,
    /** Change a tenant's adapters. */
    owner,
    /** Everything, for every tenant. */
    admin,
    /** The requests of gateways and workers to each other and to the catalog. */
    service;

    /** True if a token of this role belongs to one tenant. */
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
