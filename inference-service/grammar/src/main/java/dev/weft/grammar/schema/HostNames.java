package dev.weft.grammar.schema;

import dev.weft.grammar.expression.CodePointSet;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;

/**
 * Names of hosts: RFC 1123, and RFC 5890 for letters beyond ASCII. Left out are labels with {@code
 * --} behind two characters, thus those of Punycode: no regular expression tells which of them are
 * valid.
 */
final class HostNames {
    /** Octets of a label, and of a name. */
    private static final int MOST_OF_LABEL = 63;

    private static final int MOST_OF_NAME = 253;

    /**
     * Characters of a label with letters beyond ASCII. Each of those takes six digits of Punycode
     * at most: 4 + 1 + 9 * 6 octets.
     */
    private static final int MOST_OF_WIDE_LABEL = 9;

    /** Characters of a longer label with few letters beyond ASCII: 4 + 1 + 32 + 4 * 6 octets. */
    private static final int MOST_OF_LONG_LABEL = 36;

    private static final int FEW = 4;

    /** Characters of a name with such labels: six octets each with the dots. */
    private static final int MOST_OF_WIDE_NAME = 42;

    private static final int ANY = -1;

    private final Expressions pool;

    HostNames(Expressions pool) {
        this.pool = pool;
    }

    /** Names of ASCII. */
    Expression plain() {
        return pool.and(labels(), pool.repeat(pool.character(), 1, MOST_OF_NAME));
    }

    /** Names of ASCII, of any length. */
    Expression labels() {
        return separated(plainLabel(), pool.codePoints('.', '.'));
    }

    /** Names of ASCII, and some of those with other letters. */
    Expression wide() {
        CodePointSet dots =
                new CodePointSet()
                        .add('.', '.')
                        .add(0x3002, 0x3002)
                        .add(0xFF0E, 0xFF0E)
                        .add(0xFF61, 0xFF61);
        Expression names = separated(pool.or(plainLabel(), wideLabel()), dots.expression(pool));
        Expression some = pool.and(names, pool.repeat(pool.character(), 1, MOST_OF_WIDE_NAME));
        return pool.or(plain(), some);
    }

    private Expression separated(Expression label, Expression dot) {
        return pool.concat(label, pool.repeat(pool.concat(dot, label), 0, ANY));
    }

    private Expression plainLabel() {
        CodePointSet letters = new CodePointSet().add('0', '9').add('A', 'Z').add('a', 'z');
        return label(letters, MOST_OF_LABEL);
    }

    private Expression wideLabel() {
        CodePointSet ascii = new CodePointSet().add('0', '9').add('a', 'z');
        CodePointSet letters = new CodePointSet().addAll(ascii).addAll(HostLetters.ALL);
        CodePointSet others = new CodePointSet().addAll(ascii).add('-', '-');
        Expression narrow = pool.repeat(others.expression(pool), 0, ANY);
        Expression wide = HostLetters.ALL.expression(pool);
        Expression few = pool.concat(narrow, pool.repeat(pool.concat(wide, narrow), 0, FEW));
        return pool.or(
                label(letters, MOST_OF_WIDE_LABEL),
                pool.and(label(letters, MOST_OF_LONG_LABEL), few));
    }

    /**
     * A label of up to four characters, or a longer one whose third or fourth character is a letter
     * or a digit.
     */
    private Expression label(CodePointSet letters, int most) {
        Expression letter = letters.expression(pool);
        Expression hyphen = pool.codePoints('-', '-');
        Expression any = pool.or(letter, hyphen);
        Expression brief = pool.concat(pool.repeat(any, 0, 2), letter);
        Expression middle = pool.or(pool.concat(letter, any), pool.concat(hyphen, letter));
        Expression rest = pool.concat(any, middle, pool.repeat(any, 0, most - 5), letter);
        return pool.concat(letter, pool.repeat(pool.or(brief, rest), 0, 1));
    }
}
