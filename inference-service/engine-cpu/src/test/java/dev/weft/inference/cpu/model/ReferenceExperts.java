package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Experts by their formulas, in double precision. */
final class ReferenceExperts {
    private ReferenceExperts() {}

    static double[] compute(CheckpointFolder checkpoint, String prefix, Experts plan, double[] x) {
        int count = plan.count();
        Tensor router = checkpoint.tensor(prefix + plan.router() + ".weight", count, x.length);
        double[] scores = new double[count];
        for (int e = 0; e < count; e++) {
            for (int i = 0; i < x.length; i++) {
                scores[e] += router.get((long) e * x.length + i) * x[i];
            }
            if (plan.routing().bias()) {
                scores[e] += checkpoint.tensor(prefix + plan.router() + ".bias", count).get(e);
            }
        }
        List<Integer> chosen =
                IntStream.range(0, count)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer e) -> -scores[e]))
                        .limit(plan.routing().chosen())
                        .toList();
        double sum = 0;
        for (int e = 0; e < count; e++) {
            boolean counts =
                    plan.routing().weights() == Experts.Weights.OF_ALL || chosen.contains(e);
            sum += counts ? Math.exp(scores[e]) : 0;
        }
        double[] result = new double[x.length];
        for (int e : chosen) {
            double[] one = one(checkpoint, prefix, plan, e, x);
            for (int i = 0; i < result.length; i++) {
                result[i] += Math.exp(scores[e]) / sum * one[i];
            }
        }
        return result;
    }

    private static double[] one(
            CheckpointFolder checkpoint, String prefix, Experts plan, int e, double[] x) {
        int width = plan.width();
        return switch (plan.tensors()) {
            case ExpertTensors.Single names -> {
                String one = prefix + names.prefix() + e + ".";
                double[] gate = multiply(checkpoint, one + names.gate(), width, x);
                double[] up = multiply(checkpoint, one + names.up(), width, x);
                double[] between = activated(plan.gate(), gate, up);
                yield multiply(checkpoint, one + names.down(), x.length, between);
            }
            case ExpertTensors.Interleaved names -> {
                String all = prefix + names.prefix();
                double[] gateUp = turned(checkpoint, all + names.gateUp(), plan, e, x, 2 * width);
                double[] gate = new double[width];
                double[] up = new double[width];
                for (int i = 0; i < width; i++) {
                    gate[i] = gateUp[2 * i];
                    up[i] = gateUp[2 * i + 1];
                }
                double[] between = activated(plan.gate(), gate, up);
                yield turned(checkpoint, all + names.down(), plan, e, between, x.length);
            }
        };
    }

    private static double[] activated(Experts.Gate gate, double[] gates, double[] ups) {
        double[] result = new double[gates.length];
        for (int i = 0; i < result.length; i++) {
            double g = gates[i];
            result[i] =
                    switch (gate) {
                        case Experts.Gate.Silu _ -> g / (1 + Math.exp(-g)) * ups[i];
                        case Experts.Gate.Clamped(float alpha, float limit) -> {
                            double most = Math.min(g, limit);
                            double up = Math.clamp(ups[i], -limit, limit);
                            yield (up + 1) * most / (1 + Math.exp(-alpha * most));
                        }
                    };
        }
        return result;
    }

    private static double[] multiply(
            CheckpointFolder checkpoint, String name, int out, double[] x) {
        return ReferenceDecoder.multiply(checkpoint.tensor(name + ".weight", out, x.length), x);
    }

    /** {@code x W + bias} with {@code [expert][in][out]}. */
    private static double[] turned(
            CheckpointFolder checkpoint, String name, Experts plan, int e, double[] x, int out) {
        Tensor weights = checkpoint.tensor(name, plan.count(), x.length, out);
        Tensor bias = checkpoint.tensor(name + "_bias", plan.count(), out);
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            y[o] = bias.get((long) e * out + o);
            for (int i = 0; i < x.length; i++) {
                float weight = weights.get(((long) e * x.length + i) * out + o);
                y[o] += Bf16.toFloat(Bf16.of(weight)) * x[i];
            }
        }
        return y;
    }
}
