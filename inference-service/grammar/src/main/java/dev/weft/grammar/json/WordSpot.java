package dev.weft.grammar.json;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import org.jspecify.annotations.Nullable;

/** The place within null, true or false. */
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
