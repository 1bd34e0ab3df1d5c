package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.util.List;

/**
 * A name that points at versions by weight. If an adapter has the same name, the alias decides what
 * that name leads to; without the alias it leads to the newest version.
 *
 * @param revision grows with every change
 */
public record Alias(AdapterId id, long revision, List<AliasTarget> targets, Instant updated) {
    public Alias {
        targets = List.copyOf(targets);
    }
}
