package dev.weft.inference.cpu.lora;

import dev.weft.inference.cpu.kernel.TiledMatrix;
import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraPair;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * One adapter's matrices at one site of one layer, in bf16.
 *
 * @param a the modules' A on top of each other: {@code [sum of ranks][in]}
 */
record LoraBlock(TiledMatrix a, List<Output> outputs) {
    LoraBlock {
        outputs = List.copyOf(outputs);
    }

    /**
     * What one module adds.
     *
     * @param b {@code [out][rank]}
     * @param rankColumn where the module's ranks begin in the product of A
     * @param outColumn where its outputs begin in the base's fused layer
     */
    record Output(TiledMatrix b, int rankColumn, int outColumn, float scale) {}

    static LoraBlock pack(Arena arena, ModelConfig config, LoraSite site, List<LoraPair> pairs) {
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
            outputs.add(new Output(b, ranks, site.column(config, module), pair.scale()));
            ranks += rank;
        }
        int in = config.inputSize(pairs.getFirst().module());
        return new LoraBlock(
                TiledMatrix.pack(arena, ranks, in, (rank, row) -> copyRank(pairs, rank, row)),
                outputs);
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
