package dev.weft.grammar;

import org.jspecify.annotations.Nullable;

/** Within null, true or false. */
record WordSpot(Position after) implements Spot {
    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return after;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return false;
    }
}
