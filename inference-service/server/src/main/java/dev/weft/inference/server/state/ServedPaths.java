package dev.weft.inference.server.state;

import java.util.Set;

/**
 * The paths of the API that this worker's engine serves, as gateways hear them.
 *
 * @param paths such as {@code /v1/embeddings}
 */
public record ServedPaths(Set<String> paths) {
    public ServedPaths {
        paths = Set.copyOf(paths);
    }
}
