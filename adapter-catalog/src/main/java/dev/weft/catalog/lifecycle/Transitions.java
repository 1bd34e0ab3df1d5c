package dev.weft.catalog.lifecycle;

import static dev.weft.protocol.adapter.VersionState.Converting;
import static dev.weft.protocol.adapter.VersionState.Disabled;
import static dev.weft.protocol.adapter.VersionState.Fetching;
import static dev.weft.protocol.adapter.VersionState.Ready;
import static dev.weft.protocol.adapter.VersionState.Registered;
import static dev.weft.protocol.adapter.VersionState.Rejected;
import static dev.weft.protocol.adapter.VersionState.Retired;
import static dev.weft.protocol.adapter.VersionState.Validating;

import dev.weft.protocol.adapter.VersionState;
import java.util.EnumSet;
import java.util.Set;

/** The table of transitions: which state may follow which. */
public final class Transitions {
    private Transitions() {}

    /** The states that may follow {@code from}; empty if it is final. */
    public static Set<VersionState> from(VersionState from) {
        return switch (from) {
            case Registered -> EnumSet.of(Fetching, Rejected);
            case Fetching -> EnumSet.of(Validating, Rejected);
            case Validating -> EnumSet.of(Converting, Rejected);
            case Converting -> EnumSet.of(Ready, Rejected);
            case Ready -> EnumSet.of(Disabled, Retired);
            case Disabled -> EnumSet.of(Ready, Retired);
            case Rejected, Retired -> EnumSet.noneOf(VersionState.class);
        };
    }

    /** True for the states that ingest works on. */
    public static boolean isWorking(VersionState state) {
        return from(state).contains(Rejected);
    }

    static void check(VersionState from, VersionState to) {
        if (!from(from).contains(to)) {
            throw new IllegalTransitionException(from, to);
        }
    }
}
