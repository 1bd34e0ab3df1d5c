package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/** Reads the tensors below a prefix; {@link CheckpointFolder#tensor} says what it throws. */
record TensorReader(CheckpointFolder checkpoint, String prefix) {
    /** A reader of a layer's tensors. */
    static TensorReader layer(CheckpointFolder checkpoint, int layer) {
        return new TensorReader(checkpoint, "model.layers." + layer + ".");
    }

    private DecoderShape shape() {
        return checkpoint.config().shape();
    }

    /** A tensor by its name below the prefix. */
    Tensor tensor(String name, long... shape) {
        return checkpoint.tensor(prefix + name, shape);
    }

    /** The weights {@code [out][in]} of a linear layer by its name below the prefix. */
    WeightMatrix matrix(String name, int out, int in) {
        return checkpoint.matrix(prefix + name, out, in);
    }

    /** Weights of linear layers, to be put on top of each other. */
    WeightMatrix[] weights(List<LinearModule> modules) {
        return modules.stream()
                .map(module ->
                        checkpoint.matrix(
                                prefix + module.path(),
                                shape().outputSize(module),
                                shape().inputSize(module)))
                .toArray(WeightMatrix[]::new);
    }

    /** Biases of linear layers on top of each other. */
    Bias bias(List<LinearModule> modules) {
        float[] bias = new float[modules.stream().mapToInt(shape()::outputSize).sum()];
        int at = 0;
        for (LinearModule module : modules) {
            int size = shape().outputSize(module);
            tensor(module.path() + ".bias", size).copyTo(0, bias, at, size);
            at += size;
        }
        return new Bias(bias);
    }

    /** All of a tensor as floats. */
    float[] floats(String name, int... shape) {
        long[] sizes = new long[shape.length];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
            count = Math.multiplyExact(count, shape[i]);
        }
        float[] floats = new float[count];
        tensor(name, sizes).copyTo(0, floats, 0, count);
        return floats;
    }

    RmsNorm norm(NormPlan plan, int size) {
        float[] weight = floats(plan.name() + ".weight", size);
        for (int i = 0; i < size && plan.plusOne(); i++) {
            weight[i] += 1;
        }
        return new RmsNorm(weight, plan.epsilon());
    }
}
