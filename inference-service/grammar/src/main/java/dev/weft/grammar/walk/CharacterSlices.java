package dev.weft.grammar.walk;

import dev.weft.grammar.expression.EcmaPattern;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.PatternException;
import dev.weft.grammar.expression.WorkBudget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a few classes of characters. Where a string may go on with all characters of a class,
 * its tokens are marked at once, and only the others are walked. Immutable once made.
 */
final class CharacterSlices {
    /** Tokens with more bytes count as others. */
    private static final int MOST_BYTES = 16;

    private static final int MOST_PAIRS = 150;

    /** From the widest to the narrowest. */
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
     * @param text any number of its characters
     * @param inside a bit for each token of them
     * @param others all other tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and only read
    record Slice(Expression text, long[] inside, TokenTrie others) {}

    private final Expressions pool;
    private final List<Slice> slices = new ArrayList<>();

    CharacterSlices(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        WorkBudget budget = new WorkBudget();
        budget.begin(Long.MAX_VALUE, Long.MAX_VALUE, () -> false);
        pool = new Expressions(budget, Long.MAX_VALUE);
        for (String one : CLASSES) {
            slices.add(slice(one, bytes, leftOut));
        }
    }

    private Slice slice(String one, byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        Expression text;
        try {
            text = pool.repeat(EcmaPattern.whole(pool, one), 0, -1);
        } catch (PatternException e) {
            throw new IllegalStateException(one, e);
        }
        long[] inside = new long[(bytes.length + 63) / 64];
        byte[] @Nullable [] others = bytes.clone();
        for (int id = 0; id < bytes.length; id++) {
            byte[] own = bytes[id];
            if (own != null
                    && own.length > 0
                    && own.length <= MOST_BYTES
                    && !leftOut.contains(id)
                    && begins(text, own)) {
                inside[id >> 6] |= 1L << id;
                others[id] = null;
            }
        }
        return new Slice(text, inside, new TokenTrie(others, leftOut));
    }

    private boolean begins(Expression text, byte[] bytes) {
        Expression state = text;
        for (byte b : bytes) {
            state = pool.step(state, b & 0xFF);
        }
        return !state.isEmpty();
    }

    /**
     * The widest class whose characters may follow a state in any number; null if there is none.
     */
    @Nullable Slice widest(StringScans.Characters scan) {
        if (scan.slice == 0) {
            scan.slice = -1;
            for (int i = 0; i < slices.size(); i++) {
                if (contains(scan, slices.get(i))) {
                    scan.slice = i + 1;
                    break;
                }
            }
        }
        return scan.slice < 0 ? null : slices.get(scan.slice - 1);
    }

    private record Pair(Scan scan, Expression text) {}

    private synchronized boolean contains(Scan start, Slice slice) {
        Set<Pair> seen = new HashSet<>();
        List<Pair> now = List.of(new Pair(start, slice.text));
        for (int depth = 0; depth < MOST_BYTES && !now.isEmpty(); depth++) {
            List<Pair> next = new ArrayList<>();
            for (Pair pair : now) {
                for (int b = ' '; b < 256; b++) {
                    Expression text = pool.step(pair.text, b);
                    if (text.isEmpty()) {
                        continue;
                    }
                    Scan scan = pair.scan.next(b);
                    if (scan.isDead() || scan.isExit()) {
                        return false;
                    }
                    Pair behind = new Pair(scan, text);
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
