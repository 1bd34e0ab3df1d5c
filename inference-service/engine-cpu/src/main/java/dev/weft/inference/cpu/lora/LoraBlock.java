package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.inference.cpu.kernel.matrix.WeightChange;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One adapter's matrices at one site of one layer, in bf16.
 *
 * @param a the modules' A on top of each other: {@code [sum of ranks][in]}
 */
public record LoraBlock(TiledMatrix a, List<Output> outputs) {
    public LoraBlock {
        outputs = List.copyOf(outputs);
    }

    /**
     * What one module adds.
     *
     * @param b {@code [out][rank]}
     * @param rankColumn column of the product of A at which the module's ranks begin
     * @param outColumn column of the base's fused layer at which its outputs begin
     * @param work what is done to the sum with the base's outputs
     */
    record Output(TiledMatrix b, int rankColumn, int outColumn, float scale, ColumnWork work) {}

    /** A pair, where its outputs begin, and what is done to them. */
    record Placed(LowRank pair, int column, ColumnWork work) {}

    static LoraBlock pack(
            Arena arena, DecoderShape config, List<LoraPair> pairs, AdaptedBase base) {
        return pack(
                arena,
                pairs.stream()
                        .map(pair -> {
                            LowRank change = LowRank.of(pair);
                            LinearModule module = pair.module();
                            return new Placed(
                                    change,
                                    LoraSite.column(config, module),
                                    ColumnWork.of(
                                            change, () -> base.weights(pair.layer(), module)));
                        })
                        .toList());
    }

    /** A block of pairs that read the same inputs. */
    static LoraBlock pack(Arena arena, List<Placed> pairs) {
        List<Output> outputs = new ArrayList<>();
        int ranks = 0;
        for (Placed placed : pairs) {
            LowRank pair = placed.pair;
            int rank = pair.rank();
            TiledMatrix b =
                    TiledMatrix.pack(
                            arena,
                            pair.out(),
                            rank,
                            (out, row) -> pair.b().copyTo((long) out * rank, row, 0, rank));
            outputs.add(new Output(b, ranks, placed.column, pair.scale(), placed.work));
            ranks += rank;
        }
        int in = pairs.getFirst().pair.in();
        return new LoraBlock(
                TiledMatrix.pack(arena, ranks, in, (rank, row) -> copyRank(pairs, rank, row)),
                outputs);
    }

    /** A block of one pair alone. */
    static LoraBlock pack(Arena arena, LowRank pair, Supplier<WeightSource> base) {
        return pack(arena, List.of(new Placed(pair, 0, ColumnWork.of(pair, base))));
    }

    /** Most bytes that a packed pair takes; together with others it may take less. */
    static long mostBytes(LoraPair pair) {
        return mostBytes(pair.a().shape().get(1), pair.b().shape().getFirst(), pair.rank());
    }

    /** Most bytes that a pair of these sizes takes. */
    static long mostBytes(long in, long out, long rank) {
        return TiledMatrix.bytes(rank, in) + TiledMatrix.bytes(out, rank);
    }

    /** Bytes of memory. */
    long bytes() {
        return a.bytes()
                + outputs.stream().mapToLong(it -> it.b().bytes() + it.work().bytes()).sum();
    }

    /** Whether {@link #asChange} makes the base's layer that of this adapter. */
    boolean folds() {
        return outputs.stream().allMatch(output -> output.work().folds());
    }

    /**
     * {@code W + scale * B A}, rescaled with DoRA: what makes the base's weights those of this
     * adapter.
     */
    public WeightChange asChange() {
        float[][] ranks = new float[a.out()][];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[rank] = a.row(rank);
        }
        return (row, weights) -> {
            for (Output output : outputs) {
                int local = row - output.outColumn;
                if (local >= 0 && local < output.b.out()) {
                    float[] factors = output.b.row(local);
                    for (int r = 0; r < factors.length; r++) {
                        add(ranks[output.rankColumn + r], output.scale * factors[r], weights);
                    }
                    output.work.fold(local, weights);
                }
            }
        };
    }

    private static void add(float[] values, float factor, float[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * values[i];
        }
    }

    private static void copyRank(List<Placed> pairs, int rank, float[] target) {
        int local = rank;
        for (Placed placed : pairs) {
            LowRank pair = placed.pair;
            if (local < pair.rank()) {
                pair.a().copyTo((long) local * target.length, target, 0, target.length);
                return;
            }
            local -= pair.rank();
        }
        throw new IndexOutOfBoundsException("rank " + rank);
    }
}
