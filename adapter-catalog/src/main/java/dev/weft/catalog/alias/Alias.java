package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.util.List;

/**
 * A name that points at versions by weight. Where it is the name of an adapter, it says what that
 * name stands for; without it that is the newest version.
 *
 * @param revision grows with every change
 */
public record Alias(AdapterId id, long revision, List<AliasTarget> targets, Instant updated) {
    public Alias {
        targets = List.copyOf(targets);
    }
}
