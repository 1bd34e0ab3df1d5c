package dev.weft.catalog.access;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the catalog tells who asks.
 *
 * @param loopback it listens on this machine only
 * @param jwtIssuer whose signed tokens it takes as well; null for none
 * @param jwtAudience what those must be for
 * @param internalToken an admin's token that only this process knows; null for none
 * @param data folder that a file with the first token is written to, where one is needed
 */
public record AccessSettings(
        boolean loopback,
        @Nullable URI jwtIssuer,
        String jwtAudience,
        @Nullable String internalToken,
        Path data) {
    @Override
    public String toString() {
        return "AccessSettings[loopback=" + loopback + ", jwtIssuer=" + jwtIssuer + "]";
    }
}
