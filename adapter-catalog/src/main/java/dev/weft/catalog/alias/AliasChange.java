package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;

/**
 * A change of an alias, or a new one.
 *
 * @param expected what its author saw before
 * @param targets at least one, no version twice, each Ready
 */
public record AliasChange(
        AdapterId alias, Expected expected, List<AliasTarget> targets, Kind kind) {

    /** What rollbacks make of a change. */
    public enum Kind {
        /** A rollback goes to what was there before it, steps left out. */
        LASTING,
        /** A step of a rollout. No rollback goes there by itself. */
        STEP,
        /**
         * Undoes all steps before it: the alias is what it was before them, and a rollback goes to
         * where it went to then.
         */
        RETURN
    }

    public AliasChange {
        targets = List.copyOf(targets);
    }
}
