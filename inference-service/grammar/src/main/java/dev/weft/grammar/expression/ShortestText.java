package dev.weft.grammar.expression;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a shortest text of an expression by a search through its derivatives. The search goes on
 * first from the derivative with which a text may be over soonest (A*, Hart et al. 1968).
 */
final class ShortestText {
    /** States that a search looks at. */
    private static final int MOST_STATES = 20_000;

    /** All bytes. Those that read well and need no escape in JSON come first. */
    private static final int[] ORDER = order();

    private final Expressions pool;
    private final Set<Expression> reached = new HashSet<>();
    private final PriorityQueue<Reached> open =
            new PriorityQueue<>(
                    Comparator.comparingInt((Reached one) -> one.length + one.e.shortest)
                            .thenComparingInt(one -> -one.length)
                            .thenComparingInt(one -> one.number));

    /**
     * An expression that is left behind a text.
     *
     * @param b the text's last byte
     */
    private record Reached(Expression e, int b, @Nullable Reached before, int length, int number) {}

    ShortestText(Expressions pool) {
        this.pool = pool;
    }

    private static int[] order() {
        StringBuilder bytes = new StringBuilder();
        add(bytes, 'a', 'z');
        add(bytes, '0', '9');
        add(bytes, 'A', 'Z');
        add(bytes, ' ', '~');
        add(bytes, 0x80, 0xFF);
        add(bytes, 0, 0xFF);
        return bytes.chars().distinct().toArray();
    }

    private static void add(StringBuilder bytes, int from, int to) {
        for (int b = from; b <= to; b++) {
            boolean escaped = to == '~' && (b == '"' || b == '\\');
            if (!escaped) {
                bytes.append((char) b);
            }
        }
    }

    /** The text; null if there is none, or the search would be long. */
    byte @Nullable [] of(Expression start) {
        if (start.isEmpty()) {
            return null;
        }
        if (pool.counts(start)) {
            byte[] alike = new byte[start.min];
            Arrays.fill(alike, (byte) ORDER[0]);
            return alike;
        }
        byte[] multiple = pool.multipleEnding(start);
        if (multiple != null) {
            return multiple;
        }
        reached.add(start);
        open.add(new Reached(start, 0, null, 0, 0));
        while (!open.isEmpty() && reached.size() < MOST_STATES) {
            Reached one = open.remove();
            if (one.e.nullable) {
                return text(one);
            }
            goOn(one);
        }
        return null;
    }

    private void goOn(Reached from) {
        pool.budget().spend(4);
        for (int b : ORDER) {
            Expression next = from.e.first.has(b) ? pool.step(from.e, b) : pool.empty();
            if (!next.isEmpty() && reached.add(next)) {
                open.add(new Reached(next, b, from, from.length + 1, reached.size()));
            }
        }
    }

    private static byte[] text(Reached end) {
        byte[] text = new byte[end.length];
        Reached one = end;
        while (one.before != null) {
            text[one.length - 1] = (byte) one.b;
            one = one.before;
        }
        return text;
    }
}
