package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;
import java.util.List;

/** A part of a parsed regular expression. */
sealed interface PatternNode {
    /** One character of a set. */
    record One(CodePointSet set) implements PatternNode {}

    /** Parts behind each other. */
    record Sequence(List<PatternNode> parts) implements PatternNode {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of some parts. */
    record Either(List<PatternNode> parts) implements PatternNode {
        public Either {
            parts = List.copyOf(parts);
        }
    }

    /** Several times; a maximum of -1 means no limit. */
    record Times(PatternNode part, int min, int max) implements PatternNode {}

    /** {@code ^}. */
    record Start() implements PatternNode {}

    /** {@code $}. */
    record End() implements PatternNode {}

    /** {@code \b}, or {@code \B} if it is negative. */
    record Boundary(boolean negative) implements PatternNode {}

    /** {@code (?=...)}, or {@code (?!...)} if it is negative. */
    record Ahead(PatternNode part, boolean negative) implements PatternNode {}
}
