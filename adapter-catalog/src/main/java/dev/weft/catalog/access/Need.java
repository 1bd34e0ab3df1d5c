package dev.weft.catalog.access;

import dev.weft.catalog.registry.Role;

/** What a request needs. */
enum Need {
    /** Health, metrics, the API's description. */
    NOTHING,
    /** Look at adapters. */
    VIEW,
    /** Change adapters. */
    CHANGE,
    /** What only the whole deployment's administrator may: tokens, and pins, which take slots. */
    ADMINISTER,
    /** What gateways and workers do. */
    SERVE;

    static Need of(String method, String path) {
        if (path.startsWith("/feed/")
                || path.startsWith("/artifacts/")
                || path.startsWith("/residency/")
                || path.startsWith("/access/")) {
            return SERVE;
        }
        if (!path.startsWith("/admin/")) {
            return NOTHING;
        }
        if (path.startsWith("/admin/v1/tokens")) {
            return ADMINISTER;
        }
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (!reads && path.startsWith("/admin/v1/orders")) {
            return ADMINISTER;
        }
        return reads ? VIEW : CHANGE;
    }

    boolean metBy(Role role) {
        return switch (this) {
            case NOTHING -> true;
            case VIEW ->
                    switch (role) {
                        case viewer, owner, admin, service -> true;
                        case client -> false;
                    };
            case CHANGE ->
                    switch (role) {
                        case owner, admin -> true;
                        case client, viewer, service -> false;
                    };
            case ADMINISTER -> role == Role.admin;
            case SERVE ->
                    switch (role) {
                        case admin, service -> true;
                        case client, viewer, owner -> false;
                    };
        };
    }
}
