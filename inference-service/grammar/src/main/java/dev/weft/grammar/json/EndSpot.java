package dev.weft.grammar.json;

import dev.weft.grammar.walk.Position;
import dev.weft.grammar.walk.Scan;
import dev.weft.grammar.walk.Spot;
import dev.weft.grammar.walk.Trail;
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
