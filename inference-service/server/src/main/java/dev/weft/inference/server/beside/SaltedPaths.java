package dev.weft.inference.server.beside;

import dev.weft.inference.relay.call.ServerDescription;
import dev.weft.inference.relay.dialect.Dialect;
import java.util.Collection;
import java.util.List;

/**
 * The paths at which a server takes the salt that keeps a tenant's prefixes from others'.
 *
 * @param description what the server says of itself
 */
public record SaltedPaths(Dialect dialect, ServerDescription description) {
    static final String SALT = "cache_salt";

    /**
     * Whether requests to a path get a salt.
     *
     * @param path one at which a model reads a prompt
     */
    public boolean takes(String path) {
        return switch (dialect.salts()) {
            case NOWHERE -> false;
            case WHERE_DESCRIBED -> description.takes(path, SALT);
            case EVERYWHERE -> true;
        };
    }

    /** Those of the given paths that the server has and at which it takes no salt. */
    List<String> without(Collection<String> paths) {
        return paths.stream()
                .filter(description.paths()::contains)
                .filter(path -> !takes(path))
                .toList();
    }
}
