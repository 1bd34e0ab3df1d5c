package dev.weft.grammar.scan;

import java.util.HashMap;
import java.util.Map;

/** States of whitespace and of fixed words. */
public final class FixedScan extends Scan {
    /** Allows no byte. */
    public static final Scan NOTHING = new FixedScan(b -> DEAD);

    /** Bytes with which something other than whitespace begins. */
    private static final String STRUCTURE = "\"{}[]:,-0123456789tfnTFN";

    /** Number of different bytes that are whitespace. */
    private static final int WHITESPACE = 4;

    /** Leaves every byte to what surrounds it. */
    public static final Scan LEAVING = new FixedScan(FixedScan::left);

    private final java.util.function.IntFunction<Scan> rule;

    private FixedScan(java.util.function.IntFunction<Scan> rule) {
        this.rule = rule;
    }

    @Override
    protected Scan find(int b) {
        return rule.apply(b);
    }

    @Override
    protected int mostFew() {
        return STRUCTURE.length() + WHITESPACE;
    }

    /** Whitespace of at most so many bytes. */
    static Scan whitespace(int most) {
        Scan scan = LEAVING;
        for (int i = 0; i < most; i++) {
            Scan behind = scan;
            scan = new FixedScan(b -> isWhitespace(b) ? behind : left(b));
        }
        return scan;
    }

    /** One space. */
    public static Scan space() {
        return new FixedScan(b -> b == ' ' ? LEAVING : DEAD);
    }

    /** The rest of a word, whose last byte is left to what surrounds it. */
    public static Scan word(String rest) {
        Scan scan = NOTHING;
        for (int i = rest.length() - 1; i >= 0; i--) {
            int expected = rest.charAt(i);
            Scan behind = i == rest.length() - 1 ? EXIT : scan;
            scan = new FixedScan(b -> b == expected ? behind : DEAD);
        }
        return scan;
    }

    private static Scan left(int b) {
        return STRUCTURE.indexOf(b) >= 0 ? EXIT : DEAD;
    }

    private static boolean isWhitespace(int b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    /** States of whitespace by the most bytes that are allowed, each made once. */
    public static final class Gaps {
        private final Map<Integer, Scan> made = new HashMap<>();

        public Scan of(int most) {
            return made.computeIfAbsent(most, FixedScan::whitespace);
        }
    }
}
