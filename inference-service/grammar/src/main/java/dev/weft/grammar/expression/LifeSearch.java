package dev.weft.grammar.expression;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an expression matches anything, by a search through its derivatives.
 * Derivatives that may be over soonest come first, as far as that shows without a search: a match
 * is found in about as many steps as it has bytes. The expressions keep the results.
 */
final class LifeSearch {
    private final Derivatives derivatives;
    private final Map<Expression, Reached> cameFrom = new HashMap<>();
    private final PriorityQueue<Open> open =
            new PriorityQueue<>(
                    Comparator.comparingInt((Open one) -> one.e.shortest)
                            .thenComparingInt(one -> one.number));

    /** How an expression was reached: by a byte behind another one. */
    private record Reached(Expression before, int b) {}

    /**
     * An expression that was reached.
     *
     * @param number in the order of reaching
     */
    private record Open(Expression e, int number) {}

    LifeSearch(Derivatives derivatives) {
        this.derivatives = derivatives;
    }

    /**
     * Finds out whether an expression matches anything.
     *
     * @return the bytes up to an expression that is known to; null if nothing matches
     */
    byte @Nullable [] decide(Expression start) {
        cameFrom.put(start, new Reached(start, 0));
        open.add(new Open(start, 0));
        while (!open.isEmpty()) {
            Expression e = open.remove().e;
            for (Derivatives.Derived d : derivatives.of(e)) {
                if (d.e().nullable || !d.e().complex || d.e().life == Expression.Life.LIVE) {
                    d.e().life = Expression.Life.LIVE;
                    return markLive(e, d);
                }
                if (d.e().life == Expression.Life.UNKNOWN
                        && cameFrom.putIfAbsent(d.e(), new Reached(e, d.b())) == null
                        && !derivatives.isSurelyDead(d.e())) {
                    open.add(new Open(d.e(), cameFrom.size()));
                }
            }
        }
        // nothing that was reached matches
        List<Expression> all = new ArrayList<>(cameFrom.keySet());
        all.forEach(e -> e.life = Expression.Life.DEAD);
        return null;
    }

    private byte[] markLive(Expression before, Derivatives.Derived last) {
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        back.write(last.b());
        Expression e = before;
        while (true) {
            e.life = Expression.Life.LIVE;
            Reached reached = cameFrom.get(e);
            if (reached == null || reached.before == e) {
                break;
            }
            back.write(reached.b);
            e = reached.before;
        }
        byte[] bytes = back.toByteArray();
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte b = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = b;
        }
        return bytes;
    }
}
