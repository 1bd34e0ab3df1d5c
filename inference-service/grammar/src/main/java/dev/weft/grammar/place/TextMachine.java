package dev.weft.grammar.place;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.scan.Scan;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The whole answer is a text of one expression. */
public final class TextMachine implements Machine, Spot {
    private final ReentrantLock lock = new ReentrantLock();
    private final Expressions pool;
    private final Position start;

    public TextMachine(Expressions pool, Expression text) {
        this.pool = pool;
        this.start = new Position(this, new ExpressionScan.Table(pool).of(text));
    }

    @Override
    public Position start() {
        return start;
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    @Override
    public WorkBudget budget() {
        return pool.budget();
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return null;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return scan.complete();
    }
}
