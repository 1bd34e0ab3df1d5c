package dev.weft.catalog.registry;

import dev.weft.model.adapter.AdapterId;
import java.util.List;

/**
 * A name and its versions.
 *
 * @param versions newest first, at most one of each digest
 */
public record Adapter(AdapterId id, List<Version> versions) {
    public Adapter {
        versions = List.copyOf(versions);
    }
}
