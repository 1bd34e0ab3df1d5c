package dev.weft.inference.server.state;

import java.util.Set;

/**
 * What gateways are told of the API that this worker's engine serves.
 *
 * @param paths such as {@code /v1/embeddings}
 */
public record ServedPaths(Set<String> paths) {
    public ServedPaths {
        paths = Set.copyOf(paths);
    }
}
