package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.ScoreRule;
import dev.weft.inference.cpu.kernel.attention.SharedAttention;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.model.weights.AttentionWeights;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The attention of a step: each row's query meets the keys and values of its own sequence. All
 * members of the team call it, between the linear layers before and after it; the caller puts the
 * barriers.
 */
final class SelfAttention {
    /** Positions from which on a row's attention takes longer than two barriers. */
    private static final int LONG = 512;

    /**
     * Members share heads if otherwise a sixth of the team's time is idle, which is worth two
     * barriers.
     */
    private static final double WORTH_SHARING = 1.2;

    private final DecoderShape.HeadCounts shape;
    private final Scratch.ForAttention scratch;
    private final List<Rope> ropes;
    private final int queries;
    private final int keys;
    private final List<Attention.Tile> tiles = new ArrayList<>();

    /** Attention by tile and KV head, if the members share it. */
    private final List<SharedAttention> shared = new ArrayList<>();

    private boolean isShared;

    SelfAttention(DecoderShape base, List<Rope> ropes, Scratch scratch) {
        this.ropes = List.copyOf(ropes);
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
        share();
    }

    /** Has the members share the heads of long rows if dealing them out leaves members idle. */
    private void share() {
        int team = scratch.members().size();
        int items = tiles.size() * shape.kvHeads();
        int turns = (items + team - 1) / team;
        isShared =
                turns * team > items * WORTH_SHARING
                        && tiles.stream().allMatch(tile -> tile.rows() == 1)
                        && tiles.stream().anyMatch(tile -> tile.length() >= LONG);
        while (isShared && shared.size() < items) {
            shared.add(new SharedAttention(shape.headDim()));
        }
    }

    /**
     * Applies bias, norms and rotation to queries and keys, and stores keys and values in the
     * cache.
     */
    void positions(Team.Member member, Step step, int layer, AttentionWeights.Inner w) {
        FloatMatrix qkv = scratch.qkv();
        MemorySegment data = qkv.data();
        Bias bias = w.qkvBias();
        AttentionWeights.QueryKeyNorms norms = w.norms();
        Rope rope = w.rope() < 0 ? null : ropes.get(w.rope());
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            if (bias != null) {
                bias.addTo(data, qkv.offset(row, 0));
            }
            if (norms != null && !norms.afterRope()) {
                normalise(step, norms, row);
            }
            if (rope != null) {
                float[] angles = scratch.angles().get(w.rope()).get(row);
                for (int head = 0; head < shape.heads() + shape.kvHeads(); head++) {
                    rope.turn(data, qkv.offset(row, head * shape.headDim()), angles);
                }
            }
            if (norms != null && norms.afterRope()) {
                normalise(step, norms, row);
            }
            store(step.row(row), row, layer);
            for (int head = 0; isShared && head < shape.kvHeads(); head++) {
                shared.get(row * shape.kvHeads() + head)
                        .begin(qkv, tile(row, head, w.rule()), w.rule());
            }
        }
    }

    private void normalise(Step step, AttentionWeights.QueryKeyNorms norms, int row) {
        RmsNorm forQueries = step.own(row, norms.query());
        RmsNorm forKeys = step.own(row, norms.key());
        FloatMatrix qkv = scratch.qkv();
        MemorySegment data = qkv.data();
        switch (norms.extent()) {
            case PROJECTION -> {
                long query = qkv.offset(row, 0);
                forQueries.apply(data, query, data, query);
                long key = qkv.offset(row, queries);
                forKeys.apply(data, key, data, key);
            }
            case HEAD -> {
                for (int head = 0; head < shape.heads() + shape.kvHeads(); head++) {
                    long at = qkv.offset(row, head * shape.headDim());
                    RmsNorm norm = head < shape.heads() ? forQueries : forKeys;
                    norm.apply(data, at, data, at);
                }
            }
        }
    }

    /** A tile whose positions count from the first block that the layer's rule lets it see. */
    private Attention.Tile tile(int index, int kvHead, ScoreRule rule) {
        Attention.Tile tile = tiles.get(index);
        return tile.at(kvHead * tile.heads() * shape.headDim()).behind(rule.blocksBehind(tile));
    }

    private void store(Step.TokenRow row, int index, int layer) {
        FloatMatrix qkv = scratch.qkv();
        for (int head = 0; head < shape.kvHeads(); head++) {
            long key = qkv.offset(index, queries + head * shape.headDim());
            long value = qkv.offset(index, queries + keys + head * shape.headDim());
            row.sequence().store(layer, head, row.position(), qkv.data(), key, value);
        }
    }

    /**
     * Computes attention. Heads of rows alone are dealt out in neighbourhoods of as many positions,
     * so that a member mostly reads the keys that it stored; those of longer tiles, whose cost per
     * position is another, one by one; all in parts if there are too few of them.
     */
    void attend(Team.Member member, Step step, int layer, ScoreRule rule) {
        LayerRule at = new LayerRule(layer, rule);
        if (isShared) {
            attendShared(member, step, at, tiles.size() * shape.kvHeads());
            return;
        }
        Neighbourhood own = new Neighbourhood(member, rule);
        int turn = 0;
        for (int index = 0; index < tiles.size(); index++) {
            Attention.Tile tile = tiles.get(index);
            for (int head = 0; head < shape.kvHeads(); head++) {
                boolean isOwn =
                        tile.rows() == 1
                                ? own.takes(tile)
                                : turn++ % member.size() == member.index();
                if (isOwn) {
                    attend(member.index(), step, at, index * shape.kvHeads() + head);
                }
            }
        }
    }

    /** The neighbouring heads of rows alone that a member takes: those whose middle is its own. */
    private final class Neighbourhood {
        private final ScoreRule rule;
        private final long size;
        private final long from;
        private final long to;
        private long before;

        Neighbourhood(Team.Member member, ScoreRule rule) {
            this.rule = rule;
            this.size = member.size();
            long all = 0;
            for (Attention.Tile tile : tiles) {
                all += tile.rows() == 1 ? cost(tile) : 0;
            }
            all *= 2L * shape.kvHeads();
            this.from = all * member.index();
            this.to = all * (member.index() + 1);
        }

        /** Whether the member takes the next head of a row. */
        boolean takes(Attention.Tile tile) {
            long cost = cost(tile);
            long middle = (2 * before + cost) * size;
            before += cost;
            return from <= middle && middle < to;
        }

        /** Positions that a row reads, and a block's worth for what it costs without any. */
        private long cost(Attention.Tile tile) {
            int seen = tile.behind(rule.blocksBehind(tile)).length();
            return Attention.BLOCK + (long) seen;
        }
    }

    /** A layer and its rule. */
    private record LayerRule(int layer, ScoreRule rule) {}

    private void attend(int member, Step step, LayerRule at, int item) {
        Attention.Tile tile = tile(item / shape.kvHeads(), item % shape.kvHeads(), at.rule);
        scratch.members()
                .get(member)
                .apply(
                        scratch.qkv(),
                        tile,
                        blocks(step, at, item),
                        at.rule,
                        scratch.attended().floats());
    }

    private void attendShared(Team.Member member, Step step, LayerRule at, int items) {
        deal(
                member,
                items,
                SharedAttention::scoreParts,
                (item, part) -> shared.get(item).score(part, blocks(step, at, item)));
        member.barrier();
        deal(
                member,
                items,
                SharedAttention::softmaxParts,
                (item, part) -> shared.get(item).softmax(part));
        member.barrier();
        deal(
                member,
                items,
                SharedAttention::weighParts,
                (item, part) ->
                        shared.get(item)
                                .weigh(part, blocks(step, at, item), scratch.attended().floats()));
    }

    /** A part of an item. */
    @FunctionalInterface
    private interface Part {
        void run(int item, int part);
    }

    /** Deals the parts of all items out one by one. */
    private void deal(
            Team.Member member, int items, ToIntFunction<SharedAttention> parts, Part part) {
        int turn = 0;
        for (int item = 0; item < items; item++) {
            int count = parts.applyAsInt(shared.get(item));
            for (int i = 0; i < count; i++) {
                if (turn++ % member.size() == member.index()) {
                    part.run(item, i);
                }
            }
        }
    }

    private Attention.Blocks blocks(Step step, LayerRule at, int item) {
        Attention.Tile tile = tiles.get(item / shape.kvHeads());
        return step.row(tile.row())
                .sequence()
                .blocks(at.layer, item % shape.kvHeads(), at.rule.blocksBehind(tile));
    }
}
