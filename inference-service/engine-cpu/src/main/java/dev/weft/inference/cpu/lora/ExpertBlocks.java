package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ExpertShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.ExpertChanges.Pair;
import dev.weft.format.lora.weight.ExpertChanges.Projection;
import dev.weft.format.lora.weight.ExpertChanges.Stack;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One adapter's matrices of experts. Immutable; members of the team read it. */
final class ExpertBlocks {
    private final Map<ExpertSite, LoraBlock> blocks = new HashMap<>();

    /** A change of the outputs of an expert's layer, from a column on. */
    private record Part(ExpertSite site, LowRank pair, int column) {}

    private ExpertBlocks(Arena arena, DecoderShape shape, ExpertChanges changes) {
        Map<ExpertSite, List<Part>> parts = new HashMap<>();
        for (Pair pair : changes.pairs()) {
            Part part = part(shape(shape, pair.path().layer()), pair);
            parts.computeIfAbsent(part.site, _ -> new ArrayList<>()).add(part);
        }
        for (Stack stack : changes.stacks()) {
            ExpertShape experts = shape(shape, stack.path().layer());
            for (int expert = 0; expert < experts.count(); expert++) {
                Part part = part(experts, stack, expert);
                parts.computeIfAbsent(part.site, _ -> new ArrayList<>()).add(part);
            }
        }
        parts.forEach((site, some) -> blocks.put(site, block(arena, some)));
    }

    /** Null if the adapter leaves experts as they are. */
    static @Nullable ExpertBlocks pack(Arena arena, DecoderShape shape, ExpertChanges changes) {
        return changes.isEmpty() ? null : new ExpertBlocks(arena, shape, changes);
    }

    /** Most bytes that the changes take once they are packed. */
    static long mostBytes(ExpertChanges changes) {
        long bytes = 0;
        for (Pair pair : changes.pairs()) {
            long out = pair.b().shape().getFirst();
            bytes += LoraBlock.mostBytes(pair.a().shape().get(1), out, pair.rank());
        }
        for (Stack stack : changes.stacks()) {
            long experts = stack.a().shape().getFirst() / stack.rank();
            long out = stack.b().shape().getFirst();
            bytes += experts * LoraBlock.mostBytes(stack.a().shape().get(1), out, stack.rank());
        }
        return bytes;
    }

    private static ExpertShape shape(DecoderShape shape, int layer) {
        return Objects.requireNonNull(shape.around().experts().get(layer));
    }

    private static LoraBlock block(Arena arena, List<Part> parts) {
        return LoraBlock.pack(
                arena,
                parts.stream()
                        .map(part ->
                                new LoraBlock.Placed(part.pair, part.column, new ColumnWork.None()))
                        .toList());
    }

    private static Part part(ExpertShape shape, Pair pair) {
        boolean down = pair.projection() == Projection.DOWN;
        return new Part(
                new ExpertSite(pair.path().layer(), pair.path().expert(), down),
                new LowRank(
                        pair.path().text(),
                        pair.scale(),
                        pair.a(),
                        pair.b(),
                        LoraPair.Outputs.NONE),
                pair.projection() == Projection.UP ? shape.width() : 0);
    }

    private static Part part(ExpertShape shape, Stack stack, int expert) {
        boolean down = stack.projection() == Projection.DOWN;
        boolean takesTurns = !down && shape.tensors() instanceof ExpertTensors.Interleaved;
        return new Part(
                new ExpertSite(stack.path().layer(), expert, down),
                new LowRank(
                        stack.parameter(),
                        stack.scale(),
                        rows(stack, expert),
                        columns(stack, expert, shape.count(), takesTurns),
                        LoraPair.Outputs.NONE),
                0);
    }

    /** An expert's rows of A. */
    private static Tensor rows(Stack stack, int expert) {
        Tensor a = stack.a();
        long in = a.shape().get(1);
        long bytes = stack.rank() * in * a.dtype().bytes();
        return new Tensor(
                a.name(),
                a.dtype(),
                List.of((long) stack.rank(), in),
                a.data().asSlice(expert * bytes, bytes));
    }

    /**
     * An expert's columns of B, {@code [out][rank]}; gates above ups if the base has them in turns,
     * as the engine's layer has them.
     */
    private static Tensor columns(Stack stack, int expert, int experts, boolean takesTurns) {
        int out = stack.b().shape().getFirst().intValue();
        int rank = stack.rank();
        float[] values = new float[out * rank];
        for (int o = 0; o < out; o++) {
            int half = out / 2;
            int from = !takesTurns ? o : o < half ? 2 * o : 2 * (o - half) + 1;
            for (int r = 0; r < rank; r++) {
                long at = ((long) from * rank + r) * experts + expert;
                values[o * rank + r] = stack.b().get(at);
            }
        }
        return new Tensor(
                stack.b().name(),
                DType.F32,
                List.of((long) out, (long) rank),
                MemorySegment.ofArray(values));
    }

    @Nullable LoraBlock block(ExpertSite site) {
        return blocks.get(site);
    }

    /** Bytes of memory. */
    long bytes() {
        return blocks.values().stream().mapToLong(LoraBlock::bytes).sum();
    }
}
