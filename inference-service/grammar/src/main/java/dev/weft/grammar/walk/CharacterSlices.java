package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;
import dev.weft.grammar.scan.Scan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a few classes of characters. If a text may go on with any characters of a class, the
 * tokens of the class are marked at once, and only the others are walked. Immutable once made.
 */
final class CharacterSlices {
    /** Most bytes of a class's token; longer tokens count as others. */
    private static final int MOST_BYTES = 16;

    private static final int MOST_PAIRS = 150;

    /** The classes, from the widest to the narrowest. */
    private static final List<String> CLASSES =
            List.of(
                    "[^\\u0000-\\u001F\"\\\\\\u007F-\\u009F\\u2028\\u2029]",
                    "[ !#-\\[\\]-~]",
                    "[A-Za-z0-9 _.-]",
                    "[A-Za-z0-9]",
                    "[a-z]");

    /**
     * A class.
     *
     * @param next {@code [states][256]}: the state behind a byte while characters of the class are
     *     read, -1 for none; the first state is the start
     * @param inside a bit for each token that such characters may begin with
     * @param others all other tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and only read
    record Slice(int[][] next, long[] inside, TokenTrie others) {}

    private final List<Slice> slices = new ArrayList<>();

    CharacterSlices(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        Expressions pool = Expressions.unbounded();
        for (String one : CLASSES) {
            slices.add(slice(states(pool, one), bytes, leftOut));
        }
    }

    private static int[][] states(Expressions pool, String one) {
        Expression text;
        try {
            text = pool.repeat(EcmaPattern.whole(pool, one), 0, -1);
        } catch (PatternException e) {
            throw new IllegalStateException(one, e);
        }
        List<Expression> found = new ArrayList<>(List.of(text));
        List<int[]> next = new ArrayList<>();
        for (int state = 0; state < found.size(); state++) {
            int[] row = new int[256];
            for (int b = 0; b < 256; b++) {
                Expression behind = pool.step(found.get(state), b);
                if (!behind.isEmpty() && !found.contains(behind)) {
                    found.add(behind);
                }
                row[b] = behind.isEmpty() ? -1 : found.indexOf(behind);
            }
            next.add(row);
        }
        return next.toArray(int[][]::new);
    }

    private static Slice slice(int[][] next, byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        long[] inside = new long[(bytes.length + 63) / 64];
        byte[] @Nullable [] others = bytes.clone();
        for (int id = 0; id < bytes.length; id++) {
            byte[] own = bytes[id];
            if (own != null
                    && own.length > 0
                    && own.length <= MOST_BYTES
                    && !leftOut.contains(id)
                    && begins(next, own)) {
                inside[id >> 6] |= 1L << id;
                others[id] = null;
            }
        }
        return new Slice(next, inside, new TokenTrie(others, leftOut));
    }

    private static boolean begins(int[][] next, byte[] bytes) {
        int state = 0;
        for (byte b : bytes) {
            state = next[state][b & 0xFF];
            if (state < 0) {
                return false;
            }
        }
        return true;
    }

    List<Slice> all() {
        return List.copyOf(slices);
    }

    Slice of(int number) {
        return slices.get(number);
    }

    /**
     * The number of the widest class whose characters may follow a state in any order, for {@link
     * #MOST_BYTES} bytes at least; -1 if there is none.
     */
    int number(Scan scan) {
        for (int i = 0; i < slices.size(); i++) {
            if (contains(scan, slices.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private record Pair(Scan scan, int state) {}

    private static boolean contains(Scan start, Slice slice) {
        Set<Pair> seen = new HashSet<>();
        List<Pair> now = List.of(new Pair(start, 0));
        for (int depth = 0; depth < MOST_BYTES && !now.isEmpty(); depth++) {
            List<Pair> next = new ArrayList<>();
            for (Pair pair : now) {
                int[] row = slice.next[pair.state];
                for (int b = ' '; b < 256; b++) {
                    if (row[b] < 0) {
                        continue;
                    }
                    Scan scan = pair.scan.next(b);
                    if (scan.isDead() || scan.isExit()) {
                        return false;
                    }
                    Pair behind = new Pair(scan, row[b]);
                    if (seen.add(behind)) {
                        next.add(behind);
                    }
                }
                if (seen.size() > MOST_PAIRS) {
                    return false;
                }
            }
            now = next;
        }
        return true;
    }
}
