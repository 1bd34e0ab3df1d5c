package dev.weft.grammar.scan;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A state of several expressions side by side, one of which the text will turn out to follow. A
 * byte leaves the state if it completes an expression that allows no further text, or if one is
 * complete already and none allows the byte.
 */
public final class PhraseScan extends Scan {
    private static final int BYTES_OF_SCAN = 700;

    private final Table table;
    private final List<Expression> states;

    /** The states of a grammar. */
    public static final class Table {
        private final Expressions pool;
        private final Map<List<Expression>, PhraseScan> made = new HashMap<>();

        public Table(Expressions pool) {
            this.pool = pool;
        }

        /** The state at the beginning of some expressions. */
        public PhraseScan of(List<Expression> states) {
            PhraseScan found = made.get(states);
            if (found == null) {
                pool.hold(BYTES_OF_SCAN + 8L * states.size());
                found = new PhraseScan(this, states);
                made.put(states, found);
            }
            return found;
        }
    }

    private PhraseScan(Table table, List<Expression> states) {
        this.table = table;
        this.states = List.copyOf(states);
    }

    /** Where each expression stands. */
    public List<Expression> states() {
        return states;
    }

    /** The states behind a byte. */
    public List<Expression> behind(int b) {
        List<Expression> next = new ArrayList<>(states.size());
        for (Expression state : states) {
            next.add(state.isEmpty() ? state : table.pool.step(state, b));
        }
        return next;
    }

    @Override
    protected Scan find(int b) {
        List<Expression> next = behind(b);
        if (next.stream().anyMatch(Expression::isEpsilon)) {
            return EXIT;
        }
        for (Expression state : next) {
            if (!state.isEmpty()) {
                return table.of(next);
            }
        }
        return complete() ? EXIT : DEAD;
    }

    @Override
    public List<byte[]> endings() {
        List<byte[]> all = new ArrayList<>();
        for (Expression state : states) {
            byte[] text = state.nullable() ? null : table.pool.shortest(state);
            if (text != null) {
                all.add(text);
            }
        }
        return all;
    }

    @Override
    public int left() {
        int least = Integer.MAX_VALUE;
        for (Expression state : states) {
            least = state.isEmpty() ? least : Math.min(least, state.shortest());
        }
        return least;
    }

    @Override
    public boolean complete() {
        for (Expression state : states) {
            if (state.nullable()) {
                return true;
            }
        }
        return false;
    }
}
