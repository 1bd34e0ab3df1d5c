package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;

/**
 * The attention of one row for the heads that share a KV head, in parts that different threads
 * compute: scores by positions, softmax by queries, the sums over values by elements of a head. All
 * parts of one kind are done before the next kind begins; the caller puts the barriers. The sums
 * run in the order of {@link Attention}: the bits are the same.
 */
public final class SharedAttention {
    /** Blocks in a part of the scores: 256 positions. */
    private static final int BLOCKS = 16;

    private static final int QUAD = AttentionBuffers.QUAD;

    /** The least number of a head's elements in a part: those that one product takes at a time. */
    private static final int ELEMENTS = 2 * VectorMath.LANES;

    private final int headDim;
    private final AttentionBuffers buffers;
    private final BlockProducts products;
    private Attention.Tile tile = new Attention.Tile(0, 1, 1, 0, 1);
    private ScoreRule rule;

    public SharedAttention(int headDim) {
        this.headDim = headDim;
        this.buffers = new AttentionBuffers(headDim);
        this.products = new BlockProducts(buffers);
        this.rule = ScoreRule.plain(headDim);
    }

    /**
     * Takes the queries of a tile of one row, before any part.
     *
     * @param row counts positions from the first of the blocks that the parts are given
     */
    public void begin(FloatMatrix q, Attention.Tile row, ScoreRule scores) {
        tile = row;
        rule = scores;
        buffers.begin(q, row, scores.scale());
    }

    private int blockCount() {
        return Attention.padded(tile.length()) / Attention.BLOCK;
    }

    public int scoreParts() {
        return (blockCount() + BLOCKS - 1) / BLOCKS;
    }

    public void score(int part, Attention.Blocks blocks) {
        int from = part * BLOCKS;
        int to = Math.min(blockCount(), from + BLOCKS);
        buffers.scales.collect(blocks, from, to);
        for (int first = 0; first < tile.heads(); first += QUAD) {
            products.score(blocks, from, to, first, Math.min(QUAD, tile.heads() - first));
        }
    }

    public int softmaxParts() {
        return tile.heads();
    }

    public void softmax(int part) {
        Attention.softmax(
                buffers,
                part,
                new Softmax.Seen(
                        rule.from(tile.length()), tile.length(), Attention.padded(tile.length())),
                rule,
                tile.headOf(part, headDim));
    }

    public int weighParts() {
        return Math.max(1, headDim / ELEMENTS);
    }

    /** Writes the outputs from {@link #from} to {@link #to} of each head. */
    public void weigh(int part, Attention.Blocks values, FloatMatrix target) {
        var elements = new BlockProducts.Elements(from(part), to(part));
        int count = elements.to() - elements.from();
        for (int first = 0; first < tile.heads(); first += QUAD) {
            int queries = Math.min(QUAD, tile.heads() - first);
            products.weigh(values, tile.length(), first, queries, elements);
        }
        for (int head = 0; head < tile.heads(); head++) {
            int at = head * headDim + elements.from();
            long to = target.offset(tile.row(), tile.column() + at);
            VectorMath.copy(buffers.sums, at, target.data(), to, count);
        }
    }

    /** The first element of a head that a part weighs. */
    public int from(int part) {
        return part * ELEMENTS;
    }

    /** The end (exclusive) of a part's elements; the last one takes those that are left over. */
    public int to(int part) {
        return part + 1 == weighParts() ? headDim : (part + 1) * ELEMENTS;
    }
}
