package dev.weft.grammar.production;

import dev.weft.grammar.expression.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a grammar.
 *
 * @param bodies {@code [rules]}
 * @param root number of the rule that the answer follows
 * @param lexemes how texts of bodies are found in the answer
 */
public record Productions(List<Part> bodies, int root, Lexemes lexemes) {
    /**
     * How texts are found.
     *
     * @param longest whether a text ends only if no text that may stand there goes on; else it ends
     *     wherever it may
     * @param ignored may stand behind each text, any number of times, and only if texts are the
     *     longest; null if nothing may
     */
    public record Lexemes(boolean longest, @Nullable Expression ignored) {}

    public Productions {
        bodies = List.copyOf(bodies);
    }
}
