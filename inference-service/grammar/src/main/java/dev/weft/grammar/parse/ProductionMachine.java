package dev.weft.grammar.parse;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.production.Productions;
import dev.weft.grammar.scan.Scan;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The whole answer follows a grammar's rules. */
public final class ProductionMachine implements Machine, Spot {
    private final ReentrantLock lock = new ReentrantLock();
    private final Expressions pool;
    private final ParseState start;
    private final Position position;

    /**
     * A machine.
     *
     * @param productions rules, each of which matches some text
     * @param memory most bytes that are kept of the results of walks
     */
    public ProductionMachine(Expressions pool, Productions productions, long memory) {
        this.pool = pool;
        this.start = new ParseStates(pool, productions, memory).start();
        this.position = new Position(this, start);
    }

    /**
     * Whether a search finds an answer that can end. If texts are the longest, a text may take what
     * has to follow it, so that no answer ends.
     *
     * @param mostStates of the search; if it needs more, the result is true
     */
    public boolean mayEndEver(int mostStates) {
        Set<ParseState> seen = new HashSet<>(Set.of(start));
        ArrayDeque<ParseState> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            ParseState state = open.remove();
            if (state.complete()) {
                return true;
            }
            for (int b = 0; b < 256; b++) {
                if (state.next(b) instanceof ParseState behind && seen.add(behind)) {
                    open.add(behind);
                }
            }
            if (seen.size() > mostStates) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Position start() {
        return position;
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
    public @Nullable Position exit(Scan scan, int b, Trail trail, int from) {
        return null;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return scan.complete();
    }
}
