package dev.weft.catalog.access;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the catalog identifies a caller.
 *
 * @param loopback whether the catalog listens on this machine only
 * @param jwtIssuer the issuer whose signed tokens it accepts too; null for none
 * @param jwtAudience the audience that those tokens must name
 * @param internal tokens that no table has
 * @param data folder for the file of the first token, if one is needed
 */
record AccessOptions(
        boolean loopback,
        @Nullable String jwtIssuer,
        String jwtAudience,
        InternalTokens internal,
        Path data) {
    @Override
    public String toString() {
        return "AccessOptions[loopback=" + loopback + ", jwtIssuer=" + jwtIssuer + "]";
    }
}
