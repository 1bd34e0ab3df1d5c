package dev.weft.grammar.place;

import dev.weft.grammar.scan.FixedScan;
import dev.weft.grammar.scan.Scan;
import org.jspecify.annotations.Nullable;

/** The place behind a complete answer. */
public record EndSpot() implements Spot {
    /** The position behind which nothing may follow. */
    public static final Position END = new Position(new EndSpot(), FixedScan.NOTHING);

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return null;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return true;
    }
}
