package dev.weft.grammar.place;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.scan.Scan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A state of an expression that is the whole text. */
final class ExpressionScan extends Scan {
    private final Table table;
    private final Expression state;

    /** The states of a grammar. */
    static final class Table {
        private final Expressions pool;
        private final Map<Expression, ExpressionScan> states = new HashMap<>();

        Table(Expressions pool) {
            this.pool = pool;
        }

        Scan of(Expression state) {
            return state.isEmpty()
                    ? DEAD
                    : states.computeIfAbsent(state, s -> new ExpressionScan(this, s));
        }
    }

    private ExpressionScan(Table table, Expression state) {
        this.table = table;
        this.state = state;
    }

    @Override
    protected Scan find(int b) {
        return table.of(table.pool.step(state, b));
    }

    @Override
    public List<byte[]> endings() {
        byte[] text = table.pool.shortest(state);
        return text == null ? List.of() : List.of(text);
    }

    @Override
    public int left() {
        return state.shortest();
    }

    @Override
    public boolean complete() {
        return state.nullable();
    }
}
