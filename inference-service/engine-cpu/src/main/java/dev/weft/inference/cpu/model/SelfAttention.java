package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Attention;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The attention of a step: each row's query meets the keys and values of its own sequence. All
 * members of the team call it, between the linear layers before and after it; the caller puts the
 * barriers.
 */
final class SelfAttention {
    private final DecoderShape.Attention shape;
    private final Scratch.ForAttention scratch;
    private final int queries;
    private final int keys;
    private final List<Attention.Tile> tiles = new ArrayList<>();

    SelfAttention(DecoderShape base, Scratch scratch) {
        this.shape = base.attention();
        this.scratch = scratch.attention();
        this.queries = base.outputSize(LinearModule.Q);
        this.keys = base.outputSize(LinearModule.K);
    }

    /**
     * Deals the rows into tiles; the owner thread calls it before the region. Rows of a prompt that
     * follow each other see nearly the same keys: they share tiles.
     */
    void prepare(Step step) {
        tiles.clear();
        int heads = shape.heads() / shape.kvHeads();
        int row = 0;
        while (row < step.size()) {
            int length = step.row(row).position() + 1;
            int most = Math.min(Attention.tileRows(length, heads), step.size() - row);
            int rows = 1;
            while (rows < most && step.row(row + rows).sequence() == step.row(row).sequence()) {
                rows++;
            }
            tiles.add(new Attention.Tile(row, rows, length, 0, heads));
            row += rows;
        }
    }

    /**
     * Applies bias, norms and rotation to queries and keys, and stores keys and values in the
     * cache.
     */
    void positions(Team.Member member, Step step, int layer, AttentionWeights w) {
        FloatMatrix qkv = scratch.qkv();
        MemorySegment data = qkv.data();
        Bias bias = w.qkvBias();
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            if (bias != null) {
                bias.addTo(data, qkv.offset(row, 0));
            }
            float[] angles = scratch.angles().get(row);
            for (int head = 0; head < shape.heads() + shape.kvHeads(); head++) {
                long at = qkv.offset(row, head * shape.headDim());
                RmsNorm norm = head < shape.heads() ? w.queryNorm() : w.keyNorm();
                if (norm != null) {
                    norm.apply(data, at, data, at);
                }
                VectorMath.rotate(data, at, angles);
            }
            store(step.row(row), row, layer);
        }
    }

    private void store(Step.Row row, int index, int layer) {
        FloatMatrix qkv = scratch.qkv();
        for (int head = 0; head < shape.kvHeads(); head++) {
            long key = qkv.offset(index, queries + head * shape.headDim());
            long value = qkv.offset(index, queries + keys + head * shape.headDim());
            row.sequence().store(layer, head, row.position(), qkv.data(), key, value);
        }
    }

    /**
     * Computes attention; heads of all rows are dealt out one by one, so that long and short rows
     * mix.
     */
    void attend(Team.Member member, Step step, int layer) {
        int items = tiles.size() * shape.kvHeads();
        for (int item = member.index(); item < items; item += member.size()) {
            Attention.Tile tile = tiles.get(item / shape.kvHeads());
            attend(member.index(), step, tile, layer, item % shape.kvHeads());
        }
    }

    private void attend(int member, Step step, Attention.Tile rows, int layer, int kvHead) {
        int width = rows.heads() * shape.headDim();
        Attention.Tile tile = rows.at(kvHead * width);
        scratch.members()
                .get(member)
                .apply(
                        scratch.qkv(),
                        tile,
                        step.row(tile.row()).sequence().blocks(layer, kvHead),
                        scratch.attended().floats());
        for (int row = tile.row(); row < tile.row() + tile.rows(); row++) {
            scratch.attended().round(row, tile.column(), width);
        }
    }
}
