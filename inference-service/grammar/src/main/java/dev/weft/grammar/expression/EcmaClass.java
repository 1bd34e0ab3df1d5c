package dev.weft.grammar.expression;

/** Classes and escapes of characters, as they stand in {@link EcmaParser}'s text. */
final class EcmaClass {
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

    /** What follows {@code [}. */
    CodePointSet parse() throws PatternException {
        boolean negative = in.take('^');
        CodePointSet set = new CodePointSet();
        while (!in.take(']')) {
            CodePointSet atom = atom();
            int from = single;
            if (in.looksAt(0, '-') && !in.looksAt(1, ']')) {
                in.next();
                CodePointSet last = atom();
                if (from < 0 || single < 0) {
                    set.addAll(atom).addAll(last).add('-', '-');
                } else if (from > single) {
                    throw in.malformed("a range is out of order");
                } else {
                    set.add(from, single);
                }
            } else {
                set.addAll(atom);
            }
        }
        return negative ? set.negated() : set;
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
        return negative ? set.negated() : set;
    }

    /** What follows a backslash. */
    CodePointSet escape(boolean inClass) throws PatternException {
        int c = in.next();
        return switch (c) {
            case 'd', 'D' -> several(DIGITS, c == 'D');
            case 'w', 'W' -> several(WORDS, c == 'W');
            case 's', 'S' -> several(SPACES, c == 'S');
            case 'p', 'P' -> several(property(), c == 'P');
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 't' -> one('\t');
            case 'v' -> one(0x0B);
            case 'f' -> one('\f');
            case 'b' -> one(inClass ? '\b' : 'b');
            case 'c' -> one(in.next() & 0x1F);
            case '0' -> one(0);
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

    private int unicode() throws PatternException {
        if (in.take('{')) {
            int value = 0;
            while (!in.take('}')) {
                int digit = in.hex(1);
                if (digit < 0 || value > CodePointSet.LAST) {
                    throw in.malformed("\\u{...} is no code point");
                }
                value = value * 16 + digit;
            }
            if (value > CodePointSet.LAST) {
                throw in.malformed("\\u{...} is no code point");
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
        return UnicodeProperties.set(name.toString());
    }
}
