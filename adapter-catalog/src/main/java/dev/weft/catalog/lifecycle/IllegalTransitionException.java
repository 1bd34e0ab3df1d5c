package dev.weft.catalog.lifecycle;

import dev.weft.protocol.adapter.VersionState;

/** A transition isn't in the table of {@link Transitions}. */
public final class IllegalTransitionException extends RuntimeException {
    private final VersionState from;

    IllegalTransitionException(VersionState from, VersionState to) {
        super(
                "a version can't go from "
                        + from
                        + " to "
                        + to
                        + "; allowed are "
                        + Transitions.from(from));
        this.from = from;
    }

    /** The state it is in. */
    public VersionState from() {
        return from;
    }
}
