package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.ActivationMath;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/**
 * Attention over blocks of cached keys and values. They are bf16, or bytes with scales; everything
 * computed from them is float. Keys of a block are {@code [headDim][BLOCK]}, so that a vector holds
 * the scores of neighbouring positions; values are {@code [BLOCK][headDim]}. Neither product needs
 * a sum over lanes.
 *
 * <p>A tile is the queries that read the same keys: the heads of a group, for one row or for
 * neighbouring rows of a prompt. Few queries read blocks as they lie; for many a chunk of blocks is
 * unpacked to floats once. Each query's sums run in the same order either way, whatever is in its
 * tile: its bits depend on neither. Each thread has its own instance.
 */
public final class Attention {
    /** Positions in a block; a multiple of every vector length. */
    public static final int BLOCK = 16;

    /** The most scores of a tile of several rows, so that they stay in a core's own cache. */
    private static final int TILE_SCORES = 16 * 1024;

    private static final int TILE_ROWS = 16;
    private static final int QUAD = AttentionBuffers.QUAD;

    /** The places of the keys and values of a sequence's blocks, for one layer and head. */
    public interface Blocks {
        KvPrecision precision();

        MemorySegment segment(int index);

        long keys(int index);

        long values(int index);

        /** The scales of a block's keys, a float each; in int8 only. */
        long keyScales(int index);

        /** The scales of a block's values, a float each; in int8 only. */
        long valueScales(int index);
    }

    /**
     * Neighbouring rows of one sequence and the heads that share a KV head.
     *
     * @param row the first row; row {@code row + i} sees {@code length + i} positions
     * @param column of the first head, in queries and in outputs
     * @param heads of the group
     */
    public record Tile(int row, int rows, int length, int column, int heads) {
        /** A tile of the same rows with other heads. */
        public Tile at(int otherColumn) {
            return new Tile(row, rows, length, otherColumn, heads);
        }

        /** Returns a tile whose queries see so many blocks less. */
        public Tile behind(int blocks) {
            return blocks == 0 ? this : new Tile(row, rows, length - blocks * BLOCK, column, heads);
        }

        /** The number of a query's head among all heads. */
        int headOf(int query, int headDim) {
            return columnOf(query, headDim) / headDim;
        }

        int queries() {
            return rows * heads;
        }

        /** Positions that query {@code index} sees; it sees as many as those before it, or more. */
        int seenBy(int index) {
            return length + Math.min(index, queries() - 1) / heads;
        }

        /** The first column of a query, whose head has so many elements. */
        int columnOf(int query, int headDim) {
            return column + query % heads * headDim;
        }

        int seenByQuad(int first) {
            return seenBy(first + QUAD - 1);
        }
    }

    private final int headDim;
    private final AttentionBuffers buffers;
    private final BlockProducts.Elements allElements;
    private final BlockProducts blockProducts;
    private final ChunkProducts chunkProducts;

    public Attention(int headDim) {
        this.headDim = headDim;
        this.buffers = new AttentionBuffers(headDim);
        this.allElements = new BlockProducts.Elements(0, headDim);
        this.blockProducts = new BlockProducts(buffers);
        this.chunkProducts = new ChunkProducts(buffers);
    }

    /** How many rows of up to {@code length} positions and {@code heads} heads make a tile. */
    public static int tileRows(int length, int heads) {
        return Math.clamp(TILE_SCORES / ((long) heads * padded(length)), 1, TILE_ROWS);
    }

    /**
     * {@code target = softmax(q K^T) V}, scores by a rule, for every query of the tile.
     *
     * @param tile counts positions from the first of {@code blocks}
     */
    public void apply(FloatMatrix q, Tile tile, Blocks blocks, ScoreRule rule, FloatMatrix target) {
        int count = tile.queries();
        buffers.begin(q, tile, rule.scale());
        buffers.scales.collect(blocks, 0, padded(tile.seenBy(count)) / BLOCK);
        if (count > 2 * QUAD) {
            attendTogether(tile, blocks, rule);
        } else {
            for (int first = 0; first < count; first += QUAD) {
                attend(tile, blocks, rule, first);
            }
        }
        for (int i = 0; i < count; i++) {
            long to = target.offset(tile.row + i / tile.heads, tile.columnOf(i, headDim));
            VectorMath.copy(buffers.sums, i * headDim, target.data(), to, headDim);
        }
    }

    /** Computes one quad of queries over all blocks. */
    private void attend(Tile tile, Blocks blocks, ScoreRule rule, int first) {
        int count = Math.min(QUAD, tile.queries() - first);
        int longest = tile.seenByQuad(first);
        blockProducts.score(blocks, 0, padded(longest) / BLOCK, first, count);
        softmax(tile, rule, first, count);
        blockProducts.weigh(blocks, longest, first, count, allElements);
    }

    /** Computes all quads of queries together, one chunk of blocks after the other. */
    private void attendTogether(Tile tile, Blocks blocks, ScoreRule rule) {
        int count = tile.queries();
        int longest = tile.seenBy(count);
        for (int from = 0; from < longest; from += ChunkProducts.POSITIONS) {
            chunkProducts.loadKeys(blocks, from, longest);
            for (int first = 0; first < count; first += QUAD) {
                chunkProducts.score(first, from, padded(tile.seenByQuad(first)));
            }
        }
        for (int first = 0; first < count; first += QUAD) {
            softmax(tile, rule, first, Math.min(QUAD, count - first));
        }
        for (int from = 0; from < longest; from += ChunkProducts.POSITIONS) {
            chunkProducts.loadValues(blocks, from, longest);
            for (int first = 0; first < count; first += QUAD) {
                chunkProducts.weigh(first, from, tile.seenByQuad(first));
            }
        }
    }

    private void softmax(Tile tile, ScoreRule rule, int first, int count) {
        int padded = padded(tile.seenByQuad(first));
        for (int i = first; i < first + count; i++) {
            int length = tile.seenBy(i);
            softmax(
                    buffers,
                    i,
                    new Softmax.Seen(rule.from(length), length, padded),
                    rule,
                    tile.headOf(i, headDim));
        }
    }

    /** Turns the products of a query with keys into the factors of its values. */
    static void softmax(
            AttentionBuffers buffers, int query, Softmax.Seen seen, ScoreRule rule, int head) {
        float[] scores = buffers.scores;
        int at = query * buffers.stride;
        buffers.scales.ofKeys(scores, at, seen.padded());
        if (rule.cap() > 0) {
            ActivationMath.cap(scores, at, seen.padded(), rule.cap());
        }
        Softmax.apply(scores, at, seen, rule.sink(head));
        buffers.scales.ofValues(scores, at, seen.padded());
    }

    /** Positions of whole blocks. */
    static int padded(int length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }
}
