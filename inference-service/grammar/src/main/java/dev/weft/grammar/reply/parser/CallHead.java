package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import java.util.function.Predicate;

/**
 * The beginning of a call, up to its arguments.
 *
 * @param end offset behind it; {@link Phrase#MORE} or {@link Phrase#NONE} if there is none
 */
record CallHead(String name, int end) {
    private static final int LONGEST_NAME = 128;

    /**
     * Looks whether a text goes on with an opening, a name and what stands behind names.
     *
     * @param names tells whether a name is allowed
     */
    static CallHead match(
            Phrase opening, Phrase between, Predicate<String> names, CharSequence in, int from) {
        int at = opening.match(in, from);
        if (at < 0) {
            return new CallHead("", at);
        }
        at = Phrase.skipGap(in, at);
        int to = at;
        while (to < in.length()
                && to - at <= LONGEST_NAME
                && CallSyntax.isNameCharacter(in.charAt(to))) {
            to++;
        }
        String name = in.subSequence(at, to).toString();
        if (to == in.length() && name.length() <= LONGEST_NAME) {
            return new CallHead(name, Phrase.MORE);
        }
        return CallSyntax.isName(name) && names.test(name)
                ? new CallHead(name, between.match(in, to))
                : new CallHead(name, Phrase.NONE);
    }
}
