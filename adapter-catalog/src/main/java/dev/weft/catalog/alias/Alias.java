package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.util.List;

/**
 * A name that points at versions by weight. If it is the name of an adapter, it decides what that
 * name leads to; without it that is the newest version.
 *
 * @param revision grows with every change
 */
public record Alias(AdapterId id, long revision, List<AliasTarget> targets, Instant updated) {
    public Alias {
        targets = List.copyOf(targets);
    }
}
