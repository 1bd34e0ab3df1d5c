package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The states within numbers. Of several expressions the first decides what may follow. */
public final class NumberScans {
    /** What may stand behind a number in JSON. */
    private static final String BEHIND = ",]} \n\t\r";

    private static final int BYTES_OF_SCAN = 700;

    private final Expressions pool;
    private final boolean withinText;
    private final Map<List<Expression>, Scan> made = new HashMap<>();

    /**
     * The states of a grammar.
     *
     * @param withinText whether something other than JSON may stand behind a number
     */
    public NumberScans(Expressions pool, boolean withinText) {
        this.pool = pool;
        this.withinText = withinText;
    }

    public Scan of(List<Expression> states) {
        if (states.getFirst().isEmpty()) {
            return Scan.DEAD;
        }
        Scan found = made.get(states);
        if (found == null) {
            pool.hold(BYTES_OF_SCAN);
            found = new Digits(states);
            made.put(states, found);
        }
        return found;
    }

    /** Within a number, or behind it. */
    public final class Digits extends Scan {
        private final List<Expression> states;

        private Digits(List<Expression> states) {
            this.states = List.copyOf(states);
        }

        public List<Expression> states() {
            return states;
        }

        @Override
        Scan find(int b) {
            Expression first = pool.step(states.getFirst(), b);
            if (first.isEmpty()) {
                return complete() && (withinText || BEHIND.indexOf(b) >= 0) ? EXIT : DEAD;
            }
            List<Expression> next = new ArrayList<>(states.size());
            for (Expression state : states) {
                next.add(pool.step(state, b));
            }
            return of(next);
        }

        @Override
        public boolean complete() {
            return states.getFirst().nullable();
        }
    }
}
