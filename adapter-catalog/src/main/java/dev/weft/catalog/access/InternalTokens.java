package dev.weft.catalog.access;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are in no table. Services send their token to each other, also to workers that run
 * elsewhere, so it has no more rights than services need.
 *
 * @param launcher token of an admin, which only this process knows; null for none
 * @param services token of the services beside the catalog, which this process made; null for none
 * @param chosen token of services that run elsewhere, which the operator chose; null for none
 */
record InternalTokens(
        @Nullable String launcher, @Nullable String services, @Nullable String chosen) {
    private static final String NAME = "weft";

    /** The holder of a token; empty if it is none of these. */
    Optional<Holder> holder(String secret) {
        if (same(secret, launcher)) {
            return Optional.of(new Holder(NAME, Role.admin, null));
        }
        if (same(secret, services)) {
            return Optional.of(new Holder(NAME, Role.service, null));
        }
        return same(secret, chosen)
                ? Optional.of(new Holder("weft.catalog.service-token", Role.service, null))
                : Optional.empty();
    }

    /** Compares in constant time. */
    static boolean same(String secret, @Nullable String known) {
        return known != null && MessageDigest.isEqual(bytes(secret), bytes(known));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves the tokens out. */
    @Override
    public String toString() {
        return "InternalTokens[]";
    }
}
