package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvSequence;

/** How many of a row's tokens the KV cache has, and who computed them. Owner thread only. */
final class RowCache {
    private final KvSequence sequence;
    private int computed;

    /**
     * The largest value of {@link #computed} so far; {@link #cached} of these positions were
     * computed by others.
     */
    private int reached;

    private int cached;

    RowCache(KvSequence sequence) {
        this.sequence = sequence;
    }

    KvSequence sequence() {
        return sequence;
    }

    /** Tokens whose keys and values are in the cache. */
    int computed() {
        return computed;
    }

    /** Tokens of the prompt that others had computed; final with the first token. */
    int cached() {
        return cached;
    }

    /** Whether the next token begins a block, which others may have computed. */
    boolean isAtABlock() {
        return computed % Attention.BLOCK == 0;
    }

    /** Reuses the next tokens' keys and values that the cache holds already. */
    void reuse(RowTokens tokens) {
        computed += sequence.reuse(tokens.array(), tokens.length());
        cached += Math.max(0, computed - reached);
        reached = Math.max(reached, computed);
    }

    /**
     * Counts more tokens whose keys and values are in the cache.
     *
     * @return those of them that never had them before
     */
    int advance(int count) {
        int before = reached;
        computed += count;
        reached = Math.max(reached, computed);
        return reached - before;
    }

    /** Lets others reuse the row's blocks, and gives back blocks that no later token reads. */
    void publish(RowTokens tokens) {
        sequence.publish(tokens.array(), computed);
        sequence.leaveBehind(computed);
    }

    /** Gives the blocks back; all tokens have to be computed again. */
    void release() {
        sequence.release();
        computed = 0;
    }

    /** Forgets that positions were reused, if the row has computed none itself. */
    void forgetReused() {
        if (reached == cached) {
            reached = 0;
            cached = 0;
        }
    }
}
