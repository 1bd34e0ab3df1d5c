package dev.weft.grammar;

import org.jspecify.annotations.Nullable;

/** Behind a complete answer. */
record EndSpot() implements Spot {
    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return null;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return true;
    }
}
