package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.inference.cpu.kernel.matrix.WeightChange;
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

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
     */
    public record Output(TiledMatrix b, int rankColumn, int outColumn, float scale) {}

    static LoraBlock pack(Arena arena, DecoderShape config, List<LoraPair> pairs) {
        List<Output> outputs = new ArrayList<>();
        int ranks = 0;
        for (LoraPair pair : pairs) {
            LinearModule module = pair.module();
            int rank = pair.rank();
            TiledMatrix b =
                    TiledMatrix.pack(
                            arena,
                            config.outputSize(module),
                            rank,
                            (out, row) -> pair.b().copyTo((long) out * rank, row, 0, rank));
            outputs.add(new Output(b, ranks, LoraSite.column(config, module), pair.scale()));
            ranks += rank;
        }
        int in = config.inputSize(pairs.getFirst().module());
        return new LoraBlock(
                TiledMatrix.pack(arena, ranks, in, (rank, row) -> copyRank(pairs, rank, row)),
                outputs);
    }

    /** Most bytes that a packed pair takes; together with others it may take less. */
    static long mostBytes(LoraPair pair) {
        long in = pair.a().shape().get(1);
        long out = pair.b().shape().getFirst();
        return TiledMatrix.bytes(pair.rank(), in) + TiledMatrix.bytes(out, pair.rank());
    }

    /** Outside the heap. */
    long bytes() {
        return a.bytes() + outputs.stream().mapToLong(output -> output.b().bytes()).sum();
    }

    /** {@code W + scale * B A}: what makes the base's weights those of this adapter. */
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
                }
            }
        };
    }

    private static void add(float[] values, float factor, float[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * values[i];
        }
    }

    private static void copyRank(List<LoraPair> pairs, int rank, float[] target) {
        int local = rank;
        for (LoraPair pair : pairs) {
            if (local < pair.rank()) {
                pair.a().copyTo((long) local * target.length, target, 0, target.length);
                return;
            }
            local -= pair.rank();
        }
        throw new IndexOutOfBoundsException("rank " + rank);
    }
}
