package dev.weft.catalog.lifecycle;

import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import java.util.List;

/** Where a version stands, with what is known of it there. */
public sealed interface Lifecycle {

    /** Under way: a restart takes these up again. */
    sealed interface Working extends Lifecycle {}

    /** The content is known and stored. */
    sealed interface Stored extends Lifecycle {
        Content content();
    }

    /** Asked for; nothing done yet. */
    record Registered() implements Working {}

    /** Its files are being brought here. */
    record Fetching() implements Working {}

    /** Its files are being checked against the base. */
    record Validating() implements Working {}

    /** It fits; the artifact is being written. */
    record Converting() implements Working {}

    /** Its name stands for it. */
    record Ready(Content content) implements Stored {}

    /** Withdrawn by its owner, to come back as it is. */
    record Disabled(Content content) implements Stored {}

    /** Another version took its place, or its name was removed. */
    record Retired(Content content) implements Stored {}

    /** It can't be served; every reason that was found. */
    record Rejected(List<Reason> reasons) implements Lifecycle {
        public Rejected {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("rejected without a reason");
            }
        }
    }

    /** The word for it in the admin API and the database. */
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
     * @throws IllegalTransitionException where the table has no such step
     */
    default <T extends Lifecycle> T to(T next) {
        Transitions.check(state(), next.state());
        return next;
    }
}
