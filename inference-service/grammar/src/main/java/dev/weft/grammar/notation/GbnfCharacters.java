package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import java.util.ArrayList;
import java.util.List;

/** Texts and classes of characters in GBNF, with the escapes of llama.cpp and XGrammar. */
final class GbnfCharacters {
    private static final String ESCAPED = "\"\\/'?^$.*+()[]{}|-";

    private final Expressions pool;
    private final TextCursor in;

    GbnfCharacters(Expressions pool, TextCursor in) {
        this.pool = pool;
        this.in = in;
    }

    /** Reads a text, behind its double quote. */
    Expression text() throws GrammarException {
        int start = in.at() - 1;
        StringBuilder found = new StringBuilder();
        while (!in.take("\"")) {
            if (in.atEnd() || in.peek() == '\n') {
                throw in.invalid(start, "the text has no closing '\"' on its line");
            }
            found.appendCodePoint(character());
        }
        pool.budget().spend(found.length());
        return pool.literal(found.toString());
    }

    /** Reads a class, behind its opening bracket. */
    Expression oneOf() throws GrammarException {
        int start = in.at() - 1;
        boolean negated = in.take("^");
        List<int[]> ranges = new ArrayList<>();
        while (!in.take("]")) {
            if (in.atEnd() || in.peek() == '\n') {
                throw in.invalid(start, "the class has no closing ']' on its line");
            }
            int place = in.at();
            int first = character();
            int last = first;
            if (in.peek() == '-' && in.peek(1) != ']' && in.peek(1) != '\n' && in.peek(1) >= 0) {
                in.next();
                last = character();
            }
            if (last < first) {
                throw in.invalid(place, "the range " + in.since(place) + " is out of order");
            }
            ranges.add(new int[] {first, last});
        }
        if (ranges.isEmpty() && !negated) {
            throw in.invalid(start, "the class is empty; '[^]' is any character");
        }
        return pool.characters(ranges, negated);
    }

    private int character() throws GrammarException {
        int place = in.at();
        int c = in.next();
        if (c != '\\') {
            return whole(place, c);
        }
        if (in.atEnd()) {
            throw in.invalid(place, "nothing is escaped");
        }
        int escaped = in.next();
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'a' -> 0x07;
            case 'v' -> 0x0B;
            case 'e' -> 0x1B;
            case '0' -> 0;
            case 'x' -> twoDigits(place);
            case 'u' -> whole(place, in.unicode(place));
            case 'U' -> whole(place, in.digits(place, 8));
            default -> other(place, escaped);
        };
    }

    private int other(int place, int escaped) throws GrammarException {
        if ("dDwWsSpP".indexOf(escaped) >= 0) {
            throw in.unsupported(
                    place, "'\\" + (char) escaped + "'", "write the ranges, such as [0-9]");
        }
        if (ESCAPED.indexOf(escaped) < 0) {
            throw in.invalid(
                    place,
                    "unknown escape %s; allowed: \\n \\r \\t \\b \\f \\a \\v \\e \\0 \\xXX \\uXXXX \\UXXXXXXXX and signs"
                            .formatted(in.since(place)));
        }
        return escaped;
    }

    /**
     * Reads two digits, as llama.cpp does. A third is refused, since XGrammar reads as many as
     * there are.
     */
    private int twoDigits(int place) throws GrammarException {
        int value = in.digits(place, 2);
        if (TextCursor.hexDigit(in.peek()) >= 0) {
            throw in.unsupported(
                    place,
                    "\\x before a third hexadecimal digit",
                    "llama.cpp and XGrammar read it differently; write \\uXXXX");
        }
        return value;
    }

    private int whole(int place, int c) throws GrammarException {
        if (c > Character.MAX_CODE_POINT || (c >= 0xD800 && c <= 0xDFFF)) {
            throw in.invalid(place, "%s is not a character".formatted(in.since(place)));
        }
        return c;
    }
}
