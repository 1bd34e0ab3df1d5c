package dev.weft.grammar.scan;

import dev.weft.grammar.expression.DigitRun;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states within numbers. Of several expressions the first decides what may follow. Behind
 * {@link #MOST_DIGITS} digits a number ends if it may, and else goes on to its nearest end, so that
 * an answer can't fill with zeros.
 */
public final class NumberScans {
    /** What may stand behind a number in JSON. */
    private static final String BEHIND = ",]} \n\t\r";

    /** Digits of a number: one more than the largest integer of 128 bits has. */
    private static final int MOST_DIGITS = 40;

    private static final int BYTES_OF_SCAN = 200;

    /** Bytes that a state holds once it was walked through. */
    private static final int BYTES_OF_TABLE = 1_050;

    private static final byte[] NOTHING = {};

    private final Expressions pool;
    private final boolean withinText;
    private final Map<Key, Scan> made = new HashMap<>();

    /** The expressions, and the number of digits so far, up to {@link #MOST_DIGITS}. */
    private record Key(List<Expression> states, int digits) {}

    /**
     * The states of a grammar.
     *
     * @param withinText whether something other than JSON may stand behind a number
     */
    public NumberScans(Expressions pool, boolean withinText) {
        this.pool = pool;
        this.withinText = withinText;
    }

    /** The state before a number. */
    public Scan of(List<Expression> states) {
        return of(states, 0);
    }

    private Scan of(List<Expression> states, int digits) {
        if (states.getFirst().isEmpty()) {
            return Scan.DEAD;
        }
        Key key = new Key(states, digits);
        Scan found = made.get(key);
        if (found == null) {
            pool.hold(BYTES_OF_SCAN);
            found = new Digits(states, digits);
            made.put(key, found);
        }
        return found;
    }

    /** The state within a number, or behind it. */
    public final class Digits extends Scan {
        private final List<Expression> states;
        private final int digits;
        private boolean walked;
        private @Nullable DigitRun run;
        private boolean asked;

        private Digits(List<Expression> states, int digits) {
            this.digits = digits;
            this.states = List.copyOf(states);
        }

        public List<Expression> states() {
            return states;
        }

        @Override
        protected Scan find(int b) {
            if (!walked) {
                pool.hold(BYTES_OF_TABLE);
                walked = true;
            }
            boolean digit = b >= '0' && b <= '9';
            Expression first = pool.step(states.getFirst(), b);
            if (digit && digits == MOST_DIGITS && !first.isEmpty() && !isNearer(first)) {
                return DEAD;
            }
            if (first.isEmpty()) {
                return complete() && (withinText || BEHIND.indexOf(b) >= 0) ? EXIT : DEAD;
            }
            List<Expression> next = new ArrayList<>(states.size());
            for (Expression state : states) {
                next.add(pool.step(state, b));
            }
            return of(next, digit ? Math.min(digits + 1, MOST_DIGITS) : digits);
        }

        @Override
        public @Nullable DigitRun digits() {
            if (!asked) {
                run = pool.digits(states.getFirst(), MOST_DIGITS - digits);
                asked = true;
            }
            return run;
        }

        /** Whether the number's end is nearer behind a digit; true if that is not known. */
        private boolean isNearer(Expression behind) {
            int own = distance(states.getFirst());
            int after = distance(behind);
            return own < 0 || (after >= 0 && after < own);
        }

        /** Bytes up to the nearest end; -1 if it is far. */
        private int distance(Expression state) {
            byte[] text = state.nullable() ? NOTHING : pool.shortest(state);
            return text == null ? -1 : text.length;
        }

        @Override
        public List<byte[]> endings() {
            if (complete()) {
                return List.of();
            }
            byte[] text = pool.shortest(states.getFirst());
            return text == null ? List.of() : List.of(text);
        }

        @Override
        public int left() {
            return states.getFirst().shortest();
        }

        @Override
        public boolean complete() {
            return states.getFirst().nullable();
        }
    }
}
