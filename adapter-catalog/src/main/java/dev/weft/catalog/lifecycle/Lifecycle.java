package dev.weft.catalog.lifecycle;

import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import java.util.List;

/** The state of a version, with the facts known in that state. */
public sealed interface Lifecycle {

    /** An unfinished version; a restart resumes it. */
    sealed interface Working extends Lifecycle {}

    /** The content is known and stored. */
    sealed interface Stored extends Lifecycle {
        Content content();
    }

    /** It is registered; nothing is done yet. */
    record Registered() implements Working {}

    /** Its files are being fetched. */
    record Fetching() implements Working {}

    /** Its files are being checked against the base. */
    record Validating() implements Working {}

    /** It fits; the artifact is being written. */
    record Converting() implements Working {}

    /** It can be served. */
    record Ready(Content content) implements Stored {}

    /** Its owner has withdrawn it, and can bring it back as it is. */
    record Disabled(Content content) implements Stored {}

    /** Another version took its place, or its name was removed. */
    record Retired(Content content) implements Stored {}

    /** It can't be served; it has every reason that was found. */
    record Rejected(List<Reason> reasons) implements Lifecycle {
        public Rejected {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("rejected without a reason");
            }
        }
    }

    /** Its name in the admin API and the database. */
    default VersionState state() {
        return switch (this) {
            case Registered _ -> VersionState.Registered;
            case Fetching _ -> VersionState.Fetching;
            case Validating _ -> VersionState.Validating;
            case Converting _ -> VersionState.Converting;
            case Ready _ -> VersionState.Ready;
            case Disabled _ -> VersionState.Disabled;
            case Retired _ -> VersionState.Retired;
            case Rejected _ -> VersionState.Rejected;
        };
    }

    /**
     * Goes to {@code next}.
     *
     * @throws IllegalTransitionException if the table has no such transition
     */
    default <T extends Lifecycle> T to(T next) {
        Transitions.check(state(), next.state());
        return next;
    }
}
