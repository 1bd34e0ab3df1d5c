package dev.weft.grammar.json;

import dev.weft.grammar.walk.Position;
import dev.weft.grammar.walk.Scan;
import dev.weft.grammar.walk.Spot;
import dev.weft.grammar.walk.Trail;
import org.jspecify.annotations.Nullable;

/** Within null, true or false. */
record WordSpot(Position after) implements Spot {
    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return after;
    }

    @Override
    public int left() {
        return after.left();
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return false;
    }
}
