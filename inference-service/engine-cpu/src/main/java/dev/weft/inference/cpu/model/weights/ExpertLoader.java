package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.vector.Bias;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Packs the experts of a layer. The team's owner uses it. */
final class ExpertLoader {
    private final TensorReader tensors;
    private final Kernels kernels;
    private final Packing packing;
    private final int hidden;

    ExpertLoader(TensorReader tensors, Kernels kernels, Packing packing, int hidden) {
        this.tensors = tensors;
        this.kernels = kernels;
        this.packing = packing;
        this.hidden = hidden;
    }

    /**
     * Packs them, from the first to the last, gate and up before down.
     *
     * @param tested whether the kernels are tested on the first expert
     */
    ExpertWeights load(Experts plan, boolean tested) {
        float[] router = new float[Math.multiplyExact(plan.count(), hidden)];
        tensors.matrix(plan.router(), plan.count(), hidden).copyTo(0, router, 0, router.length);
        float[] bias =
                plan.routing().bias()
                        ? tensors.floats(plan.router() + ".bias", plan.count())
                        : new float[plan.count()];
        List<ExpertWeights.One> experts =
                switch (plan.tensors()) {
                    case ExpertTensors.Single names -> single(plan, names, tested);
                    case ExpertTensors.Interleaved names -> interleaved(plan, names, tested);
                };
        return new ExpertWeights(new Router(router, bias, plan.routing()), plan.gate(), experts);
    }

    private List<ExpertWeights.One> single(
            Experts plan, ExpertTensors.Single names, boolean tested) {
        List<ExpertWeights.One> experts = new ArrayList<>();
        for (int expert = 0; expert < plan.count(); expert++) {
            String prefix = names.prefix() + expert + ".";
            boolean first = tested && expert == 0;
            WeightMatrix gate = tensors.matrix(prefix + names.gate(), plan.width(), hidden);
            WeightMatrix up = tensors.matrix(prefix + names.up(), plan.width(), hidden);
            WeightMatrix down = tensors.matrix(prefix + names.down(), hidden, plan.width());
            experts.add(
                    new ExpertWeights.One(
                            packed("an expert's gate and up", first, gate, up),
                            null,
                            packed("an expert's down", first, down),
                            null));
        }
        return experts;
    }

    private Linear packed(String name, boolean tested, WeightMatrix... parts) {
        Linear linear = packing.next(parts);
        if (tested) {
            kernels.selfTest(name, linear, parts);
        }
        return linear;
    }

    private List<ExpertWeights.One> interleaved(
            Experts plan, ExpertTensors.Interleaved names, boolean tested) {
        int count = plan.count();
        int width = plan.width();
        Tensor gateUps = tensors.tensor(names.prefix() + names.gateUp(), count, hidden, 2L * width);
        Tensor downs = tensors.tensor(names.prefix() + names.down(), count, width, hidden);
        float[] gateUpBias =
                tensors.floats(names.prefix() + names.gateUp() + "_bias", count, 2 * width);
        float[] downBias = tensors.floats(names.prefix() + names.down() + "_bias", count, hidden);
        List<ExpertWeights.One> experts = new ArrayList<>();
        for (int expert = 0; expert < count; expert++) {
            int e = expert;
            boolean first = tested && expert == 0;
            experts.add(
                    new ExpertWeights.One(
                            packed(
                                    "an expert's gate and up",
                                    first,
                                    new Shape(hidden, 2 * width),
                                    () -> turned(gateUps, e, hidden, 2 * width, true)),
                            bias(gateUpBias, expert, 2 * width, true),
                            packed(
                                    "an expert's down",
                                    first,
                                    new Shape(width, hidden),
                                    () -> turned(downs, e, width, hidden, false)),
                            bias(downBias, expert, hidden, false)));
        }
        return experts;
    }

    private Linear packed(String name, boolean tested, Shape shape, Supplier<Tensor> part) {
        Linear linear = packing.next(shape, part);
        if (tested) {
            kernels.selfTest(name, linear, part.get());
        }
        return linear;
    }

    private static @Nullable Bias bias(float[] all, int expert, int size, boolean takesTurns) {
        float[] bias = new float[size];
        for (int out = 0; out < size; out++) {
            bias[out] = all[expert * size + column(out, size, takesTurns)];
        }
        return new Bias(bias);
    }

    /** The column that holds an output: gates are the even ones, ups the odd ones. */
    private static int column(int out, int size, boolean takesTurns) {
        int half = size / 2;
        return !takesTurns ? out : out < half ? 2 * out : 2 * (out - half) + 1;
    }

    /** An expert's matrix {@code [in][out]} as {@code [out][in]} in bf16, gates above ups. */
    private static Tensor turned(Tensor all, int expert, int in, int out, boolean takesTurns) {
        short[] turned = new short[Math.multiplyExact(in, out)];
        float[] row = new float[out];
        for (int i = 0; i < in; i++) {
            all.copyTo(((long) expert * in + i) * out, row, 0, out);
            for (int o = 0; o < out; o++) {
                turned[o * in + i] = Bf16.of(row[column(o, out, takesTurns)]);
            }
        }
        return new Tensor(
                all.name(),
                DType.BF16,
                List.of((long) out, (long) in),
                MemorySegment.ofArray(turned));
    }
}
