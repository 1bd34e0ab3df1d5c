package dev.weft.inference.cpu.batch.draft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds where the last tokens of a request came before, in its prompt or its answer, and drafts
 * what followed them there (prompt lookup decoding, A. Saxena 2023). It indexes each token once, in
 * 12 to 20 bytes. One thread uses it.
 */
final class Lookup {
    /** The least number of tokens that must agree. */
    static final int LEAST = 2;

    /** The most agreeing tokens that are counted. */
    static final int LONGEST = 12;

    /** Earlier places that are compared, the latest first. */
    private static final int PLACES = 16;

    private static final int SMALLEST = 64;

    /**
     * The position of the second token of a pair where the pair came last, by bucket of pairs; 0
     * for nowhere.
     */
    private int[] last = new int[SMALLEST];

    /**
     * By position: the earlier position at which the pair that ends here, or another pair of its
     * bucket, ended.
     */
    private int[] earlier = new int[SMALLEST];

    /** Pairs that end before this position are in the index. */
    private int indexed = 1;

    /**
     * A draft of the tokens that may come next.
     *
     * @param tokens of the request; the first {@code length} count, and are what they were before
     * @param most tokens to draft
     */
    Draft find(int[] tokens, int length, int most) {
        index(tokens, length - 1);
        if (length <= LEAST || most < 1) {
            return Draft.NONE;
        }
        int best = 0;
        int matched = LEAST - 1;
        int place = last[bucket(tokens, length - 1)];
        for (int i = 0; i < PLACES && place > 0 && matched < LONGEST; i++) {
            int agree = agree(tokens, place, length - 1);
            if (agree > matched) {
                best = place;
                matched = agree;
            }
            place = earlier[place];
        }
        return best == 0 ? Draft.NONE : Draft.found(after(tokens, best, length, most), matched);
    }

    /** The tokens after a place; beyond the end, the draft repeats from its own beginning. */
    private static List<Integer> after(int[] tokens, int place, int length, int most) {
        List<Integer> draft = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            int from = place + 1 + i;
            draft.add(from < length ? tokens[from] : draft.get(from - length));
        }
        return draft;
    }

    private static int agree(int[] tokens, int place, int end) {
        int count = 0;
        while (count < LONGEST && count <= place && tokens[place - count] == tokens[end - count]) {
            count++;
        }
        return count;
    }

    private void index(int[] tokens, int end) {
        if (end > earlier.length) {
            int size = Integer.highestOneBit(end) * 2;
            earlier = Arrays.copyOf(earlier, size);
            last = new int[size];
            indexed = 1;
        }
        for (; indexed < end; indexed++) {
            int bucket = bucket(tokens, indexed);
            earlier[indexed] = last[bucket];
            last[bucket] = indexed;
        }
    }

    private int bucket(int[] tokens, int position) {
        int hash = (31 * tokens[position - 1] + tokens[position]) * 0x9e3779b9;
        return (hash >>> 12) & (last.length - 1);
    }
}
