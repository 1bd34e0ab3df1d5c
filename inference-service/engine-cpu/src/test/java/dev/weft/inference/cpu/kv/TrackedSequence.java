package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of one head and two dimensions in each layer, whose keys and values at each position
 * say which adapter and which tokens they were computed from, so that foreign contents are noticed.
 */
final class TrackedSequence {
    private final @Nullable AdapterDigest adapter;
    private final KvSequence sequence;
    private final List<Integer> tokens;
    private final List<Integer> windows;
    private int computed;

    /** One layer that sees all. */
    TrackedSequence(KvCache cache, @Nullable AdapterDigest adapter, List<Integer> tokens) {
        this(cache, adapter, tokens, List.of(0));
    }

    /**
     * @param windows of its layers; 0 for one that sees all
     */
    TrackedSequence(
            KvCache cache,
            @Nullable AdapterDigest adapter,
            List<Integer> tokens,
            List<Integer> windows) {
        this.windows = windows;
        this.adapter = adapter;
        this.sequence = cache.sequence("", adapter);
        this.tokens = new ArrayList<>(tokens);
    }

    @Nullable AdapterDigest adapter() {
        return adapter;
    }

    int computed() {
        return computed;
    }

    int pending() {
        return tokens.size() - computed;
    }

    /** Tokens up to the end of a block. */
    List<Integer> upTo(int block) {
        return List.copyOf(tokens.subList(0, (block + 1) * Attention.BLOCK));
    }

    int length() {
        return tokens.size();
    }

    void append(int token) {
        tokens.add(token);
    }

    /** Positions gained. */
    int reuse() {
        int gained = sequence.reuse(array(), tokens.size());
        computed += gained;
        return gained;
    }

    boolean reserve(int more) {
        return sequence.reserve(computed + more);
    }

    void compute(int count) {
        for (int i = 0; i < count; i++) {
            for (int layer = 0; layer < windows.size(); layer++) {
                // Two floats of key, two of value: each holds a byte.
                int hash = expected(layer, computed + i);
                float[] bytes = new float[4];
                for (int b = 0; b < bytes.length; b++) {
                    bytes[b] = hash >>> (8 * b) & 0xff;
                }
                sequence.store(
                        layer,
                        0,
                        computed + i,
                        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, bytes),
                        0,
                        8);
            }
        }
        computed += count;
        sequence.publish(array(), computed);
        sequence.leaveBehind(computed);
    }

    void release() {
        sequence.release();
        computed = 0;
    }

    /**
     * Every position that counts as computed, and that the next one reads, holds what this sequence
     * would have computed.
     */
    void check() {
        for (int layer = 0; layer < windows.size(); layer++) {
            int window = windows.get(layer);
            check(layer, window == 0 ? 0 : Math.max(0, computed + 1 - window));
        }
    }

    private void check(int layer, int from) {
        int first = from / Attention.BLOCK;
        Attention.Blocks blocks = sequence.blocks(layer, 0, first);
        for (int i = from; i < computed; i++) {
            int block = i / Attention.BLOCK - first;
            int slot = i % Attention.BLOCK;
            long key = blocks.keys(block) + 2L * slot;
            long value = blocks.values(block) + 4L * slot;
            long scale = blocks.keyScales(block) + 4L * slot;
            int found =
                    stored(blocks, block, key, scale)
                            | stored(blocks, block, key + 2L * Attention.BLOCK, scale) << 8;
            scale = blocks.valueScales(block) + 4L * slot;
            found |=
                    stored(blocks, block, value, scale) << 16
                            | stored(blocks, block, value + 2, scale) << 24;
            assertThat(found)
                    .as("layer %d, position %d of %s", layer, i, this)
                    .isEqualTo(expected(layer, i));
        }
    }

    private static int stored(Attention.Blocks blocks, int block, long at, long scale) {
        MemorySegment data = blocks.segment(block);
        return Math.round(
                data.get(ValueLayout.JAVA_FLOAT, scale) * data.get(ValueLayout.JAVA_SHORT, at));
    }

    @Override
    public String toString() {
        return (adapter == null ? "base" : adapter.abbreviated()) + " " + tokens;
    }

    private int expected(int layer, int position) {
        return Objects.hash(layer, adapter, tokens.subList(0, position + 1)) * 0x9E3779B9;
    }

    private int[] array() {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}
