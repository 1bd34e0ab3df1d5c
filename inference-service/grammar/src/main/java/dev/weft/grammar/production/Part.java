package dev.weft.grammar.production;

import dev.weft.grammar.expression.Expression;
import java.util.List;

/** A part of a rule's body. Parts are told apart by identity. */
public sealed interface Part {
    /** No maximum. */
    int UNBOUNDED = -1;

    /** Bytes: in grammars with lexemes one lexeme, else just text. */
    record Text(Expression bytes) implements Part {}

    /**
     * The text of a rule that is called.
     *
     * @param rule its number
     */
    record Call(int rule) implements Part {}

    /** Parts behind each other; without parts it is the empty text. */
    record Sequence(List<Part> parts) implements Part {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of some parts. */
    record Either(List<Part> parts) implements Part {
        public Either {
            parts = List.copyOf(parts);
        }
    }

    /** Several times; a maximum of {@link #UNBOUNDED} means no limit. */
    record Repeated(Part part, int min, int max) implements Part {
        public Repeated {
            if (min < 0 || (max < min && max != UNBOUNDED)) {
                throw new IllegalArgumentException(min + " to " + max + " times");
            }
        }
    }
}
