package dev.weft.grammar.json;

import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.limit.GrammarOptions.Whitespace;
import dev.weft.grammar.scan.FixedScan;
import dev.weft.grammar.scan.Scan;

/** Whitespace between the tokens of JSON. */
final class JsonGaps {
    /** Spaces and tabs that are enough for a line break and an indent by four at each level. */
    private static final int BASE = 16;

    private static final int PER_LEVEL = 4;

    private final Whitespace whitespace;
    private final FixedScan.Gaps bounded = new FixedScan.Gaps();
    private final Scan space = FixedScan.space();

    JsonGaps(Whitespace whitespace) {
        this.whitespace = whitespace;
    }

    /** The gap around brackets, and before commas and colons. */
    Scan between(Level level) {
        return whitespace == Whitespace.BOUNDED ? bounded(level) : FixedScan.LEAVING;
    }

    /** The gap behind commas and colons. */
    Scan behind(Level level) {
        return switch (whitespace) {
            case BOUNDED -> bounded(level);
            case NONE -> FixedScan.LEAVING;
            case SPACED -> space;
        };
    }

    private Scan bounded(Level level) {
        return bounded.of(BASE + PER_LEVEL * level.depth);
    }
}
