package dev.weft.inference.server.beside;

import dev.weft.inference.relay.call.ServerDescription;
import dev.weft.inference.relay.dialect.Dialect;
import java.util.Collection;
import java.util.List;

/**
 * Where a server takes the salt that keeps a tenant's prefixes from others'.
 *
 * @param description the server's own
 */
public record SaltedPaths(Dialect dialect, ServerDescription description) {
    static final String SALT = "cache_salt";

    /** Whether a request to a path at which its model reads a prompt is sent with a salt. */
    public boolean takes(String path) {
        return switch (dialect.salts()) {
            case NOWHERE -> false;
            case WHERE_DESCRIBED -> description.takes(path, SALT);
            case EVERYWHERE -> true;
        };
    }

    /** Those of some paths that the server has and at which it takes none. */
    List<String> without(Collection<String> paths) {
        return paths.stream()
                .filter(description.paths()::contains)
                .filter(path -> !takes(path))
                .toList();
    }
}
