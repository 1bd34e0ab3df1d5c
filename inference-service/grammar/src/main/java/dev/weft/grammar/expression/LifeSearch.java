package dev.weft.grammar.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out whether an expression matches anything, by a search through its derivatives that is
 * widest first. What is found is kept in the expressions.
 */
final class LifeSearch {
    private final Derivatives derivatives;
    private final Map<Expression, Expression> cameFrom = new HashMap<>();
    private final ArrayDeque<Expression> open = new ArrayDeque<>();

    LifeSearch(Derivatives derivatives) {
        this.derivatives = derivatives;
    }

    void decide(Expression start) {
        cameFrom.put(start, start);
        open.add(start);
        while (!open.isEmpty()) {
            Expression e = open.removeFirst();
            for (Expression d : derivatives.of(e)) {
                if (d.nullable || !d.complex || d.life == Expression.Life.LIVE) {
                    d.life = Expression.Life.LIVE;
                    markLive(e);
                    return;
                }
                if (d.life == Expression.Life.UNKNOWN && cameFrom.putIfAbsent(d, e) == null) {
                    open.add(d);
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
