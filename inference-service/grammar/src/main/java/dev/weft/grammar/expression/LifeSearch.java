package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Finds out whether an expression matches anything, by a search through its derivatives. Those come
 * first that may be over soonest, as far as that shows without a search: a match is found in about
 * as many steps as it has bytes. What is found is kept in the expressions.
 */
final class LifeSearch {
    private final Derivatives derivatives;
    private final Map<Expression, Expression> cameFrom = new HashMap<>();
    private final PriorityQueue<Open> open =
            new PriorityQueue<>(
                    Comparator.comparingInt((Open one) -> one.e.shortest)
                            .thenComparingInt(one -> one.number));

    /**
     * An expression that was reached.
     *
     * @param number in the order of reaching
     */
    private record Open(Expression e, int number) {}

    LifeSearch(Derivatives derivatives) {
        this.derivatives = derivatives;
    }

    void decide(Expression start) {
        cameFrom.put(start, start);
        open.add(new Open(start, 0));
        while (!open.isEmpty()) {
            Expression e = open.remove().e;
            for (Expression d : derivatives.of(e)) {
                if (d.nullable || !d.complex || d.life == Expression.Life.LIVE) {
                    d.life = Expression.Life.LIVE;
                    markLive(e);
                    return;
                }
                if (d.life == Expression.Life.UNKNOWN && cameFrom.putIfAbsent(d, e) == null) {
                    open.add(new Open(d, cameFrom.size()));
                }
            }
        }
        // nothing that was reached matches
        List<Expression> all = new ArrayList<>(cameFrom.keySet());
        all.forEach(e -> e.life = Expression.Life.DEAD);
    }

    private void markLive(Expression end) {
        Expression e = end;
        while (true) {
            e.life = Expression.Life.LIVE;
            Expression before = cameFrom.get(e);
            if (before == null || before == e) {
                return;
            }
            e = before;
        }
    }
}
