package dev.weft.grammar.walk;

import dev.weft.grammar.place.Spot;
import dev.weft.grammar.scan.Scan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A state of a whole text: no byte is left to a {@link Spot}. Results behind it may be forgotten at
 * any time, and are then found again.
 */
public abstract class WholeScan extends Scan {
    /** Masks that took a longer walk through a trie than this are kept. */
    private static final int NODES_TO_KEEP = 4_000;

    private static final int UNKNOWN = -2;

    /** Number of the last class that has most tokens, so that few are left to walk. */
    private static final int WIDE = 1;

    private @Nullable TokenVocabulary maskOf;
    private long @Nullable [] mask;
    private int slice = UNKNOWN;

    /** The state behind a byte; null if the text can't go on with it. */
    protected abstract @Nullable WholeScan behind(int b);

    /**
     * Whether there is room to keep something; if so, it is counted.
     *
     * @param bytes that it takes
     */
    protected abstract boolean takes(long bytes);

    @Override
    protected final Scan find(int b) {
        WholeScan found = behind(b);
        return found == null ? DEAD : found;
    }

    /** Forgets what was found behind it, and its mask. */
    protected final void forgetAll() {
        forget();
        mask = null;
        maskOf = null;
    }

    /** Marks the tokens that may follow; {@code bits} are 0 before. */
    final void mark(TokenVocabulary vocabulary, long[] bits) {
        long[] known = mask;
        if (known != null && vocabulary.equals(maskOf)) {
            System.arraycopy(known, 0, bits, 0, known.length);
            return;
        }
        int inAll = slice(vocabulary.slices());
        TokenTrie trie = vocabulary.trie();
        TrieTails tails = vocabulary.tails();
        if (inAll >= 0 && inAll <= WIDE) {
            CharacterSlices.Slice inside = vocabulary.slices().of(inAll);
            System.arraycopy(inside.inside(), 0, bits, 0, inside.inside().length);
            trie = inside.others();
            tails = null;
        }
        MaskWalk walk = new MaskWalk(vocabulary.slices(), trie, tails, bits);
        walk.from(this);
        int words = (vocabulary.size() + 63) / 64;
        if (walk.nodes() > NODES_TO_KEEP && takes(8L * words)) {
            mask = Arrays.copyOf(bits, words);
            maskOf = vocabulary;
        }
    }

    /**
     * The number of the widest class whose characters may follow, however many; -1 if there is
     * none.
     */
    final int slice(CharacterSlices slices) {
        if (slice == UNKNOWN) {
            slice = slices.number(this);
        }
        return slice;
    }
}
