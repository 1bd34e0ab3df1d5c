package dev.weft.standalone.launch;

import dev.weft.standalone.adapters.client.CatalogToken;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a deployment's process.
 *
 * @param launcher registers what the file declares; it is an admin's if the catalog is in this
 *     process
 * @param services is what services send to each other and to the catalog; workers elsewhere get to
 *     know it
 */
record LaunchTokens(@Nullable String launcher, @Nullable String services) {
    /**
     * Both come from the environment if the catalog is elsewhere; else this process makes them.
     *
     * @param own whether the catalog is started in this process
     */
    static LaunchTokens of(boolean own) {
        if (own) {
            return new LaunchTokens(CatalogToken.internal(), CatalogToken.internal());
        }
        String known = CatalogToken.fromEnvironment().orElse(null);
        return new LaunchTokens(known, known);
    }

    /** Leaves the tokens out. */
    @Override
    public String toString() {
        return "LaunchTokens[]";
    }
}
