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

    /** How rollbacks treat a change. */
    public enum Kind {
        /** A rollback goes to the last revision before it that is no step. */
        LASTING,
        /** A step of a rollout. A rollback goes there only if it names the revision. */
        STEP,
        /**
         * Undoes all steps before it. The alias is as it was before them, and a rollback goes where
         * it would have gone then.
         */
        RETURN
    }

    public AliasChange {
        targets = List.copyOf(targets);
    }
}
