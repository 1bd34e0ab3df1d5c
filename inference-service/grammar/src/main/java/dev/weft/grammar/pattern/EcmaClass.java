package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;

/** Classes and escapes of characters, as they stand in {@link EcmaParser}'s text. */
final class EcmaClass {
    /** Signs that are operators of sets in Rust if they stand twice. */
    private static final String SET_SIGNS = "&-~";

    private static final CodePointSet DIGITS = new CodePointSet().add('0', '9');
    private static final CodePointSet WORDS =
            new CodePointSet().add('0', '9').add('A', 'Z').add('_', '_').add('a', 'z');
    private static final CodePointSet SPACES =
            new CodePointSet()
                    .add(0x09, 0x0D)
                    .add(' ', ' ')
                    .add(0xA0, 0xA0)
                    .add(0x1680, 0x1680)
                    .add(0x2000, 0x200A)
                    .add(0x2028, 0x2029)
                    .add(0x202F, 0x202F)
                    .add(0x205F, 0x205F)
                    .add(0x3000, 0x3000)
                    .add(0xFEFF, 0xFEFF);

    private final EcmaParser in;

    /** The one character that the last atom stood for; -1 if it was a class. */
    private int single;

    EcmaClass(EcmaParser in) {
        this.in = in;
    }

    /** Reads a class, behind its {@code [}. */
    CodePointSet parse() throws PatternException {
        boolean negative = in.take('^');
        CodePointSet set = new CodePointSet();
        if (in.looksAt(0, ']')) {
            in.sets().addAll(set, leadingBracket());
        }
        while (!in.take(']')) {
            if (in.style().isTerminal()) {
                refuseSets();
            } else if (in.style().isAnswer()) {
                refuseNamedClass();
                refuseSets();
            }
            CodePointSet atom = atom();
            int from = single;
            if (!in.style().isSchema() && in.looksAt(0, '-') && in.looksAt(1, '-')) {
                throw new PatternException(true, "'--' in a class is not served");
            }
            if (in.looksAt(0, '-') && !in.looksAt(1, ']')) {
                in.next();
                CodePointSet last = atom();
                if (from < 0 || single < 0) {
                    in.sets().addAll(set, atom);
                    in.sets().addAll(set, last);
                    set.add('-', '-');
                } else if (from > single) {
                    throw in.malformed("a range is out of order");
                } else {
                    set.add(from, single);
                }
            } else {
                in.sets().addAll(set, atom);
            }
        }
        if (in.style().ignoreCase()) {
            // before the set is negated, so that both cases are left out
            set = in.sets().inBothCases(set);
        }
        return negative ? in.sets().negated(set) : set;
    }

    /**
     * Reads a closing bracket that stands first. It ends ECMA-262's class, and is a character of
     * Python's and Rust's.
     */
    private CodePointSet leadingBracket() throws PatternException {
        if (in.style().isAnswer()) {
            throw new PatternException(
                    true,
                    "']' at the start of a class is not served: not all languages read it alike;"
                            + " write '\\]' for the character, or '[\\s\\S]' for any");
        }
        if (!in.style().isTerminal()) {
            return new CodePointSet();
        }
        if (in.looksAt(1, '-') && !in.looksAt(2, ']')) {
            throw new PatternException(
                    true,
                    "a range from ']' at the start of a class is not served; write '\\]' for the"
                            + " character");
        }
        return one(in.next());
    }

    /**
     * Refuses {@code [:}: POSIX and Rust read a class by its name there, and others read
     * characters.
     */
    private void refuseNamedClass() throws PatternException {
        if (in.looksAt(0, '[') && in.looksAt(1, ':')) {
            throw new PatternException(
                    true,
                    "'[:' in a class is not served: not all languages read it alike; write"
                            + " '\\[:' for the characters, or ranges as 'a-z' for a class");
        }
    }

    /** Refuses what Rust reads as a set within a set, and Python does not. */
    private void refuseSets() throws PatternException {
        for (int i = 0; i < SET_SIGNS.length(); i++) {
            char c = SET_SIGNS.charAt(i);
            if (in.looksAt(0, c) && in.looksAt(1, c)) {
                throw new PatternException(true, "'" + c + c + "' in a class is not served");
            }
        }
        if (in.looksAt(0, '[')) {
            throw new PatternException(
                    true, "'[' in a class is not served; write '\\[' for the character");
        }
    }

    private CodePointSet atom() throws PatternException {
        int c = in.next();
        return c == '\\' ? escape(true) : one(c);
    }

    private CodePointSet one(int c) {
        single = c;
        return new CodePointSet().add(c, c);
    }

    private CodePointSet several(CodePointSet set, boolean negative) {
        single = -1;
        return negative ? in.sets().negated(set) : set;
    }

    /** Reads an escape, behind its backslash. */
    CodePointSet escape(boolean inClass) throws PatternException {
        int c = in.next();
        if (in.style().isTerminal()) {
            refuseUnshared(c);
            refuseEndsOfWords(c, inClass);
        } else if (in.style().isAnswer()) {
            refuseReadOtherwise(c);
            refuseEndsOfWords(c, inClass);
        }
        return switch (c) {
            case 'd', 'D' -> several(shorthand("d", DIGITS), c == 'D');
            case 'w', 'W' -> several(shorthand("w", WORDS), c == 'W');
            case 's', 'S' -> several(shorthand("s", SPACES), c == 'S');
            case 'p', 'P' -> several(property(), c == 'P');
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 't' -> one('\t');
            case 'v' -> one(0x0B);
            case 'f' -> one('\f');
            case 'b' -> one(inClass ? '\b' : 'b');
            case 'c' -> one(control(inClass));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> one(octal(c));
            case 'x' -> {
                int value = in.hex(2);
                yield one(value < 0 ? 'x' : value);
            }
            case 'u' -> one(unicode());
            case 'A', 'Z', 'z', 'G', 'Q', 'E', 'h', 'H', 'R', 'X' ->
                    throw new PatternException(
                            true, "'\\" + (char) c + "' is not served: it is not ECMA-262's");
            default -> one(c);
        };
    }

    /** A class by its letter; in terminals it is Unicode's. */
    private CodePointSet shorthand(String letter, CodePointSet ecma) throws PatternException {
        return in.style().isTerminal() ? in.sets().shorthand(letter) : ecma;
    }

    private void refuseUnshared(int c) throws PatternException {
        boolean known = "dDwWsSpPnrtvfbxu".indexOf(c) >= 0;
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        boolean digit = c >= '0' && c <= '9';
        if (digit || (letter && !known)) {
            throw new PatternException(
                    true, "'\\" + (char) c + "' is not served; write '\\x' and two digits");
        }
        if (c == 'x' && in.looksAt(0, '{')) {
            throw new PatternException(true, "'\\x{' is not served; write '\\u{'");
        }
    }

    /** Refuses an escape that Python or Rust reads as another character than ECMA-262 does. */
    private void refuseReadOtherwise(int c) throws PatternException {
        if ("aNU".indexOf(c) >= 0 || (c == 'x' && in.looksAt(0, '{'))) {
            throw new PatternException(
                    true,
                    "'\\"
                            + (char) c
                            + "' is not served here: not all languages read it alike; write '\\x'"
                            + " and two digits, or '\\u' and four");
        }
    }

    /** Refuses what is a character in ECMA-262 and Python, and an end of a word in Rust. */
    private static void refuseEndsOfWords(int c, boolean inClass) throws PatternException {
        if (!inClass && (c == '<' || c == '>')) {
            throw new PatternException(
                    true,
                    "'\\"
                            + (char) c
                            + "' is not served here: not all languages read it alike; write '"
                            + (char) c
                            + "'");
        }
    }

    /** Reads the octal digits of a character's number (annex B, 1.2). */
    private int octal(int first) throws PatternException {
        int value = first - '0';
        int most = first <= '3' ? 2 : 1;
        for (int i = 0; i < most && in.looksAtOctal(); i++) {
            value = value * 8 + in.next() - '0';
        }
        return value;
    }

    /**
     * A control character by its letter; in a class also by a digit or {@code _}. Elsewhere the
     * backslash would stand for itself, which is refused.
     */
    private int control(boolean inClass) throws PatternException {
        int c = in.next();
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        boolean other = inClass && ((c >= '0' && c <= '9') || c == '_');
        if (!letter && !other) {
            throw new PatternException(true, "'\\c' without a letter is not served");
        }
        return c & 0x1F;
    }

    private int unicode() throws PatternException {
        if (in.take('{')) {
            int value = 0;
            while (!in.take('}')) {
                int digit = in.hex(1);
                if (digit < 0 || value > CodePointSet.LAST) {
                    throw in.malformed("\\u{...} is not a code point");
                }
                value = value * 16 + digit;
            }
            if (value > CodePointSet.LAST) {
                throw in.malformed("\\u{...} is not a code point");
            }
            return value;
        }
        int high = in.hex(4);
        if (high < 0) {
            return 'u';
        }
        if (Character.isHighSurrogate((char) high) && in.looksAt(0, '\\') && in.looksAt(1, 'u')) {
            in.next();
            in.next();
            int low = in.hex(4);
            if (low < 0 || !Character.isLowSurrogate((char) low)) {
                throw new PatternException(true, "halves of surrogate pairs are not served");
            }
            return Character.toCodePoint((char) high, (char) low);
        }
        return high;
    }

    private CodePointSet property() throws PatternException {
        StringBuilder name = new StringBuilder();
        if (in.take('{')) {
            while (!in.take('}')) {
                name.appendCodePoint(in.next());
            }
        } else {
            throw in.malformed("\\p has no {");
        }
        return in.sets().property(name.toString());
    }
}
