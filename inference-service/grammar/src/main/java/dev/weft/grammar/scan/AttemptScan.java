package dev.weft.grammar.scan;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.Arrays;

/**
 * A state of an expression. The text may turn out not to follow the expression, so the state keeps
 * the text that was read. The byte that decides leaves the state. The expression's matches have to
 * be short.
 */
public final class AttemptScan extends Scan {
    private final Expressions pool;
    private final Expression state;
    private final byte[] read;

    private AttemptScan(Expressions pool, Expression state, byte[] read) {
        pool.hold(700L + read.length);
        this.pool = pool;
        this.state = state;
        this.read = read;
    }

    /** The state at the beginning of an expression. */
    public static AttemptScan of(Expressions pool, Expression expression) {
        return new AttemptScan(pool, expression, new byte[0]);
    }

    /** What was read so far. */
    public byte[] read() {
        return read.clone();
    }

    /** The text that was read so far, and a byte behind it. */
    public byte[] readWith(int b) {
        byte[] longer = Arrays.copyOf(read, read.length + 1);
        longer[read.length] = (byte) b;
        return longer;
    }

    /** Whether a byte completes the expression. */
    public boolean completes(int b) {
        return pool.step(state, b).isEpsilon();
    }

    @Override
    public int left() {
        return state.shortest();
    }

    @Override
    protected Scan find(int b) {
        Expression next = pool.step(state, b);
        return next.isEmpty() || next.isEpsilon() ? EXIT : new AttemptScan(pool, next, readWith(b));
    }
}
