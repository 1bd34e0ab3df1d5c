package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;

/** Texts, ranges of characters and patterns in Lark. */
final class LarkTexts {
    private final Expressions pool;
    private final TextCursor in;

    LarkTexts(Expressions pool, TextCursor in) {
        this.pool = pool;
        this.in = in;
    }

    /** Reads a text or a range of characters, from its double quote on. */
    Expression textOrRange() throws GrammarException {
        int start = in.at();
        String text = quoted();
        if (in.peek() == 'i' && !isLetter(in.peek(1))) {
            in.next();
            return inBothCases(start, text);
        }
        int behind = in.at();
        skipSpaces();
        if (in.take("..")) {
            skipSpaces();
            if (in.peek() != '"') {
                throw in.invalid(in.at(), "expected the range's last character, in quotes");
            }
            return range(start, text, quoted());
        }
        in.goTo(behind);
        pool.budget().spend(text.length());
        return pool.literal(text);
    }

    private Expression range(int start, String from, String to) throws GrammarException {
        boolean single =
                from.codePointCount(0, from.length()) == 1
                        && to.codePointCount(0, to.length()) == 1;
        if (!single || from.codePointAt(0) > to.codePointAt(0)) {
            throw in.invalid(start, "a range is two characters in order, not " + in.since(start));
        }
        return pool.codePoints(from.codePointAt(0), to.codePointAt(0));
    }

    private Expression inBothCases(int start, String text) throws GrammarException {
        StringBuilder pattern = new StringBuilder();
        text.codePoints()
                .forEach(c -> pattern.append("\\u{").append(Integer.toHexString(c)).append('}'));
        return pattern(start, pattern.toString(), true, false);
    }

    private String quoted() throws GrammarException {
        int start = in.at();
        in.next();
        StringBuilder text = new StringBuilder();
        while (!in.take("\"")) {
            if (in.atEnd() || in.peek() == '\n') {
                throw in.invalid(start, "the text has no closing '\"' on its line");
            }
            text.appendCodePoint(character());
        }
        return text.toString();
    }

    private int character() throws GrammarException {
        int place = in.at();
        int c = in.next();
        if (c != '\\') {
            return whole(place, c);
        }
        int escaped = in.atEnd() ? -1 : in.next();
        return switch (escaped) {
            case '"', '\\', '/', '\'' -> escaped;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'x' -> in.digits(place, 2);
            case 'u' -> whole(place, in.unicode(place));
            default ->
                    throw in.invalid(
                            place,
                            "unknown escape %s; allowed: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\xXX \\uXXXX"
                                    .formatted(in.since(place)));
        };
    }

    private int whole(int place, int c) throws GrammarException {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw in.invalid(place, "half of a character");
        }
        return c;
    }

    /** Reads a pattern with its flags, from its slash on. */
    Expression pattern() throws GrammarException {
        int start = in.at();
        in.next();
        int first = in.at();
        while (in.peek() != '/') {
            if (in.peek() == '\\') {
                in.next();
            }
            if (in.atEnd() || in.peek() == '\n') {
                throw in.invalid(start, "the pattern has no closing '/' on its line");
            }
            in.next();
        }
        String pattern = in.since(first);
        in.next();
        int flagsFrom = in.at();
        while (isLetter(in.peek())) {
            in.next();
        }
        String flags = in.since(flagsFrom);
        for (int i = 0; i < flags.length(); i++) {
            char flag = flags.charAt(i);
            if ("imsu".indexOf(flag) < 0) {
                throw in.unsupported(flagsFrom, "flag '" + flag + "'", "allowed: i, m, s, u");
            }
        }
        return pattern(start, pattern, flags.indexOf('i') >= 0, flags.indexOf('s') >= 0);
    }

    /** A terminal's pattern. */
    Expression pattern(int start, String pattern, boolean ignoreCase, boolean dotAll)
            throws GrammarException {
        try {
            return EcmaPattern.terminal(pool, pattern, ignoreCase, dotAll);
        } catch (PatternException e) {
            throw in.fault(
                    e.isUnsupported()
                            ? GrammarException.Kind.UNSUPPORTED
                            : GrammarException.Kind.INVALID,
                    start,
                    "pattern /%s/: %s".formatted(GrammarErrors.shortened(pattern), e.getMessage()));
        }
    }

    private void skipSpaces() {
        while (in.peek() == ' ' || in.peek() == '\t') {
            in.next();
        }
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
