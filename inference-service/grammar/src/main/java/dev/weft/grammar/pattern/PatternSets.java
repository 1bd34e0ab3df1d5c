package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;
import dev.weft.grammar.expression.Expressions;
import java.util.IdentityHashMap;

/**
 * The sets of characters of one pattern. A set that is made of another is made once; it is paid for
 * by the pool's budget, and counts in the pool until {@link #close}.
 */
final class PatternSets implements AutoCloseable {
    private static final int BYTES_OF_SET = 150;

    private final Expressions pool;
    private final IdentityHashMap<CodePointSet, CodePointSet> negated = new IdentityHashMap<>();
    private final IdentityHashMap<CodePointSet, CodePointSet> inBothCases = new IdentityHashMap<>();
    private long held;

    PatternSets(Expressions pool) {
        this.pool = pool;
    }

    /** The characters of a property of Unicode. */
    CodePointSet property(String name) throws PatternException {
        return UnicodeProperties.set(name, pool.budget());
    }

    /** Digits, characters of words or whitespace of Unicode. */
    CodePointSet shorthand(String letter) {
        return UnicodeProperties.shorthand(letter, pool.budget());
    }

    /** Adds a set to one that is being collected. */
    void addAll(CodePointSet set, CodePointSet more) {
        count((long) CodePointSet.BYTES_OF_RANGE * more.size(), more.size());
        set.addAll(more);
    }

    /** All other characters. */
    CodePointSet negated(CodePointSet set) {
        CodePointSet known = negated.get(set);
        if (known == null) {
            known = set.negated();
            count(known);
            negated.put(set, known);
        }
        return known;
    }

    /** The set, with the other cases of its letters. */
    CodePointSet inBothCases(CodePointSet set) {
        CodePointSet known = inBothCases.get(set);
        if (known == null) {
            known = set.inBothCases(pool.budget());
            count(known);
            inBothCases.put(set, known);
        }
        return known;
    }

    private void count(CodePointSet made) {
        count(BYTES_OF_SET + (long) CodePointSet.BYTES_OF_RANGE * made.size(), made.size());
    }

    private void count(long bytes, int ranges) {
        pool.budget().spend(ranges);
        held += bytes;
        pool.hold(bytes);
    }

    /** The pattern's expression is made, or refused. */
    @Override
    public void close() {
        pool.hold(-held);
        held = 0;
    }
}
