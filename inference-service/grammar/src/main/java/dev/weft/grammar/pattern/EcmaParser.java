package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;
import dev.weft.grammar.expression.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses regular expressions of ECMA-262 (2025, chapter 22.2.1). They match as with its flag {@code
 * u}; patterns that are well-formed only without it are read, too. Not served: backreferences,
 * lookbehind, and flags except in terminals.
 */
final class EcmaParser {
    private static final int MOST_DEPTH = 200;
    private static final int MOST_TIMES = 1_000_000;

    private final int[] text;
    private final PatternSets sets;
    private int at;
    private int depth;
    private PatternStyle style;

    /**
     * A parser.
     *
     * @param sets pays for large sets of characters; other work only grows with the pattern's
     *     length
     */
    EcmaParser(String pattern, PatternStyle style, PatternSets sets) {
        text = pattern.codePoints().toArray();
        this.style = style;
        this.sets = sets;
    }

    PatternSets sets() {
        return sets;
    }

    PatternStyle style() {
        return style;
    }

    PatternNode parse() throws PatternException {
        PatternNode node = either();
        if (at < text.length) {
            throw malformed("unmatched ')'");
        }
        return node;
    }

    private PatternNode either() throws PatternException {
        if (++depth > MOST_DEPTH) {
            throw new PatternException(true, "groups nest more than " + MOST_DEPTH + " deep");
        }
        List<PatternNode> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (take('|'));
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new PatternNode.Either(branches);
    }

    private PatternNode sequence() throws PatternException {
        List<PatternNode> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')') {
            style.refuseOpenCount(text, at);
            parts.add(times(term()));
        }
        return parts.size() == 1 ? parts.getFirst() : new PatternNode.Sequence(parts);
    }

    private PatternNode term() throws PatternException {
        int c = text[at++];
        return switch (c) {
            case '^' -> around("^", new PatternNode.Start());
            case '$' -> around("$", new PatternNode.End());
            case '(' -> group();
            case '.' -> new PatternNode.One(dot());
            case '[' -> new PatternNode.One(new EcmaClass(this).parse());
            case '\\' -> escape();
            case '*', '+', '?' -> throw malformed("nothing to repeat");
            default -> one(new CodePointSet().add(c, c));
        };
    }

    private CodePointSet dot() {
        CodePointSet ends = new CodePointSet();
        if (!style.dotAll()) {
            ends.add('\n', '\n');
        }
        if (!style.isTerminal()) {
            ends.add('\r', '\r').add(0x2028, 0x2029);
        }
        return ends.negated();
    }

    private PatternNode around(String what, PatternNode node) throws PatternException {
        if (style.isTerminal()) {
            throw new PatternException(
                    true,
                    "'" + what + "' is not served: a terminal says nothing of what is around it");
        }
        return node;
    }

    private PatternNode escape() throws PatternException {
        if (at < text.length) {
            int c = text[at];
            if (c == 'b' || c == 'B') {
                at++;
                return around("\\" + (char) c, new PatternNode.Boundary(c == 'B'));
            }
            if (c == 'k' || (c >= '1' && c <= '9')) {
                throw new PatternException(true, "references back are not served");
            }
        }
        return one(new EcmaClass(this).escape(false));
    }

    private PatternNode group() throws PatternException {
        PatternStyle before = style;
        if (style.isTerminal() && looksAt(0, '?') && hasFlags()) {
            at++;
            style = style.with(flags());
            if (take(')')) {
                // the flags hold to the end of the group around them
                return new PatternNode.Sequence(List.of());
            }
            at++;
        }
        PatternNode node = unflagged();
        style = before;
        return node;
    }

    private boolean hasFlags() {
        int end = at + 1;
        while (end < text.length && (text[end] == '-' || Character.isLetter(text[end]))) {
            end++;
        }
        return end > at + 1 && end < text.length && (text[end] == ':' || text[end] == ')');
    }

    private String flags() {
        int start = at;
        while (text[at] != ':' && text[at] != ')') {
            at++;
        }
        return new String(text, start, at - start);
    }

    private PatternNode unflagged() throws PatternException {
        if (take('?')) {
            if (take(':')) {
                return closed(either());
            }
            if (take('=')) {
                return around("(?=", new PatternNode.Ahead(closed(either()), false));
            }
            if (take('!')) {
                return around("(?!", new PatternNode.Ahead(closed(either()), true));
            }
            take('P');
            if (take('<') && at < text.length && text[at] != '=' && text[at] != '!') {
                while (at < text.length && text[at] != '>') {
                    at++;
                }
                at++;
                return closed(either());
            }
            throw new PatternException(true, "'(?' with flags or looking behind is not served");
        }
        return closed(either());
    }

    private PatternNode closed(PatternNode node) throws PatternException {
        if (!take(')')) {
            throw malformed("a group has no ')'");
        }
        return node;
    }

    private PatternNode times(PatternNode term) throws PatternException {
        PatternNode node = term;
        int before;
        do {
            before = at;
            style.refuseOpenCount(text, at);
            node = timesOnce(node);
        } while (at > before);
        return node;
    }

    private PatternNode timesOnce(PatternNode node) throws PatternException {
        PatternNode times;
        if (take('*')) {
            times = new PatternNode.Times(node, 0, Expression.UNBOUNDED);
        } else if (take('+')) {
            times = new PatternNode.Times(node, 1, Expression.UNBOUNDED);
        } else if (take('?')) {
            times = new PatternNode.Times(node, 0, 1);
        } else if (at < text.length && text[at] == '{') {
            int start = at;
            times = counted(node);
            if (at == start) {
                return node;
            }
        } else {
            return node;
        }
        if (take('?') && style.isTerminal()) {
            throw new PatternException(
                    true, "repetitions that take as little as they can are not served");
        }
        if (at < text.length && text[at] == '+') {
            throw malformed("nothing to repeat");
        }
        return times;
    }

    /** {@code {2}}, {@code {2,}} or {@code {2,3}}; other braces stand for themselves. */
    private PatternNode counted(PatternNode node) throws PatternException {
        int start = at++;
        int min = number();
        int max = min;
        if (min >= 0 && take(',')) {
            max = at < text.length && text[at] == '}' ? Expression.UNBOUNDED : number();
            if (max < 0 && !(at < text.length && text[at] == '}')) {
                min = -1;
            }
        }
        if (min < 0 || !take('}')) {
            at = start;
            return node;
        }
        if (max != Expression.UNBOUNDED && max < min) {
            throw malformed("{" + min + "," + max + "} is out of order");
        }
        return new PatternNode.Times(node, min, max);
    }

    /** Digits; -1 if there are none. */
    private int number() throws PatternException {
        long value = -1;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            value = Math.max(value, 0) * 10 + text[at++] - '0';
            if (value > MOST_TIMES) {
                throw new PatternException(true, "more than " + MOST_TIMES + " repetitions");
            }
        }
        return (int) value;
    }

    private PatternNode one(CodePointSet set) {
        return new PatternNode.One(style.ignoreCase() ? sets.inBothCases(set) : set);
    }

    boolean take(int c) {
        if (at < text.length && text[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    boolean looksAt(int ahead, int c) {
        return at + ahead < text.length && text[at + ahead] == c;
    }

    boolean looksAtOctal() {
        return at < text.length && text[at] >= '0' && text[at] <= '7';
    }

    boolean atEnd() {
        return at >= text.length;
    }

    int next() throws PatternException {
        if (atEnd()) {
            throw malformed("it ends too early");
        }
        return text[at++];
    }

    /**
     * The value of so many hexadecimal digits; -1 if they are not there, and nothing is read then.
     */
    int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at + i < text.length ? Character.digit(text[at + i], 16) : -1;
            if (digit < 0 || text[at + i] > 'f') {
                return -1;
            }
            value = value * 16 + digit;
        }
        at += digits;
        return value;
    }

    PatternException malformed(String why) {
        return new PatternException(false, why + " (at character " + at + ")");
    }
}
