package dev.weft.format.checkpoint;

import dev.weft.format.quantised.Fp8Matrix;
import dev.weft.format.quantised.GroupedMatrix;
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts a matrix together if the checkpoint stores it in several tensors. */
final class QuantisedTensors {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CODES_IN_INT = 8;

    /** The code that stands for 0 in symmetric weights: codes 0 to 15 stand for -8 to 7. */
    private static final int MIDDLE = 8;

    private static final int MOST_CODE = 15;

    private final Quantisation quantisation;
    private final Map<String, Tensor> tensors;
    private final Consumer<String> read;

    /**
     * A reader of a checkpoint's tensors.
     *
     * @param read is told the name of each tensor that is taken
     */
    QuantisedTensors(
            Quantisation quantisation, Map<String, Tensor> tensors, Consumer<String> read) {
        this.quantisation = quantisation;
        this.tensors = tensors;
        this.read = read;
    }

    /** A matrix by its module's name; empty if that module is not quantised. */
    Optional<WeightMatrix> matrix(String module, int out, int in) {
        return switch (quantisation) {
            case Quantisation.None() -> Optional.empty();
            case Quantisation.Grouped grouped ->
                    tensors.containsKey(module + codes(grouped.form()))
                            ? Optional.of(grouped(grouped, module, out, in))
                            : Optional.empty();
            case Quantisation.Fp8 fp8 ->
                    tensors.containsKey(module + "." + fp8.suffix())
                            ? Optional.of(fp8(fp8, module, out, in))
                            : Optional.empty();
        };
    }

    private static String codes(Quantisation.Form form) {
        return form == Quantisation.Form.PACKED ? ".weight_packed" : ".qweight";
    }

    private GroupedMatrix grouped(Quantisation.Grouped plan, String module, int out, int in) {
        int size = plan.groupSize() == 0 ? in : plan.groupSize();
        if (in % CODES_IN_INT != 0 || in % size != 0 || out % CODES_IN_INT != 0) {
            throw new CheckpointException(
                    module
                            + " has "
                            + out
                            + " outputs and "
                            + in
                            + " inputs; served in 4 bits are multiples of 8, and whole groups of "
                            + size);
        }
        int groups = in / size;
        Tensor codes =
                switch (plan.form()) {
                    case PACKED -> ints(module + ".weight_packed", out, in / CODES_IN_INT);
                    case GPTQ -> ints(module + ".qweight", in / CODES_IN_INT, out);
                    case AWQ -> ints(module + ".qweight", in, out / CODES_IN_INT);
                };
        if (plan.form() == Quantisation.Form.PACKED) {
            // This tensor repeats config.json's sizes, which the codes have been checked against.
            read.accept(module + ".weight_shape");
        }
        return new GroupedMatrix(
                module,
                plan.form(),
                codes,
                out,
                in,
                new GroupedMatrix.Groups(
                        groups,
                        groupOf(plan, module, in, size),
                        scales(plan.form(), module, out, groups),
                        zeros(plan, module, out, groups)));
    }

    /**
     * The group of each input. Groups are in order, unless a tensor says otherwise and config.json
     * allows it.
     */
    private int[] groupOf(Quantisation.Grouped plan, String module, int in, int size) {
        int[] groupOf = new int[in];
        boolean packed = plan.form() == Quantisation.Form.PACKED;
        String name = module + (packed ? ".weight_g_idx" : ".g_idx");
        if (!tensors.containsKey(name)) {
            Arrays.setAll(groupOf, i -> i / size);
            return groupOf;
        }
        Tensor given = ints(name, in);
        for (int i = 0; i < in; i++) {
            groupOf[i] = given.data().get(INT, 4L * i);
            if (groupOf[i] < 0 || groupOf[i] >= in / size) {
                throw new CheckpointException(
                        "tensor %s has group %d for input %d; allowed are 0 to %d"
                                .formatted(name, groupOf[i], i, in / size - 1));
            }
            if (plan.order() == Quantisation.Order.IN_ORDER && groupOf[i] != i / size) {
                throw new CheckpointException(
                        "tensor %s has inputs in any order, which some programs pass over if config.json does not say so; served is that beside %s"
                                .formatted(name, packed ? "actorder: group" : "desc_act: true"));
            }
        }
        return groupOf;
    }

    /** {@code [out][groups]}. */
    private float[] scales(Quantisation.Form form, String module, int out, int groups) {
        if (form == Quantisation.Form.PACKED) {
            return floats(module + ".weight_scale", out, groups);
        }
        float[] turned = floats(module + ".scales", groups, out);
        float[] scales = new float[turned.length];
        for (int group = 0; group < groups; group++) {
            for (int o = 0; o < out; o++) {
                scales[o * groups + group] = turned[group * out + o];
            }
        }
        return scales;
    }

    /** {@code [out][groups]}. */
    private byte[] zeros(Quantisation.Grouped plan, String module, int out, int groups) {
        byte[] zeros = new byte[out * groups];
        if (plan.form() == Quantisation.Form.PACKED) {
            String name = module + ".weight_zero_point";
            if (plan.zeros() == Quantisation.Zeros.MIDDLE) {
                refuseStored(name);
                Arrays.fill(zeros, (byte) MIDDLE);
                return zeros;
            }
            Tensor packed = ints(name, out / CODES_IN_INT, groups);
            for (int i = 0; i < zeros.length; i++) {
                int o = i / groups;
                long at = (long) o / CODES_IN_INT * groups + i % groups;
                zeros[i] = (byte) GroupedMatrix.plain(packed.data().get(INT, 4 * at), o);
            }
            return zeros;
        }
        Tensor packed = ints(module + ".qzeros", groups, out / CODES_IN_INT);
        for (int i = 0; i < zeros.length; i++) {
            int o = i / groups;
            long at = (long) (i % groups) * (out / CODES_IN_INT) + o / CODES_IN_INT;
            int eight = packed.data().get(INT, 4 * at);
            int zero =
                    plan.form() == Quantisation.Form.AWQ
                            ? GroupedMatrix.awq(eight, o)
                            : GroupedMatrix.plain(eight, o);
            zeros[i] =
                    (byte)
                            (plan.zeros() == Quantisation.Zeros.LESS_ONE
                                    ? oneMore(zero, module)
                                    : zero);
        }
        return zeros;
    }

    /**
     * Refuses zeros beside symmetric weights: compressed-tensors writes none there, and reads none.
     */
    private void refuseStored(String name) {
        if (tensors.containsKey(name)) {
            throw new CheckpointException(
                    "tensor "
                            + name
                            + " is not served beside symmetric true of config.json; leave it out,"
                            + " or say symmetric false");
        }
    }

    /**
     * Adds the one that GPTQ's first format takes from each zero, and refuses 15. Some tools add it
     * to eight zeros at once, so that a 15 runs over into the next zero; others drop what runs
     * over, or reckon with 16.
     */
    private static int oneMore(int zero, String module) {
        if (zero == MOST_CODE) {
            throw new CheckpointException(
                    "tensor "
                            + module
                            + ".qzeros has a zero of 15, which tools for the format gptq read"
                            + " differently; allowed are 0 to 14, and 15 in the format gptq_v2");
        }
        return zero + 1;
    }

    private Fp8Matrix fp8(Quantisation.Fp8 plan, String module, int out, int in) {
        Tensor weights = typed(module + ".weight", DType.F8_E4M3, out, in);
        // This scale is for inputs in 8 bits; here inputs stay float.
        read.accept(module + ".input_scale");
        String name = module + "." + plan.suffix();
        if (plan.blockRows() > 0) {
            int down = Math.ceilDiv(out, plan.blockRows());
            int across = Math.ceilDiv(in, plan.blockColumns());
            float[] scales = floats(name, down, across);
            return new Fp8Matrix(
                    module,
                    weights,
                    new Fp8Matrix.Scales(plan.blockRows(), plan.blockColumns(), across, scales));
        }
        boolean isOne = present(name).elements() == 1;
        long[] shape =
                present(name).shape().size() == 2
                        ? new long[] {isOne ? 1 : out, 1}
                        : isOne ? shape(present(name)) : new long[] {out};
        float[] scales = floats(name, shape);
        return new Fp8Matrix(module, weights, new Fp8Matrix.Scales(isOne ? out : 1, in, 1, scales));
    }

    private static long[] shape(Tensor tensor) {
        return tensor.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** All values of a tensor as floats; each must be finite. */
    private float[] floats(String name, long... shape) {
        Tensor tensor = present(name);
        if (!tensor.dtype().isFloat()) {
            throw new CheckpointException(
                    "tensor " + name + " is " + tensor.dtype() + "; served are F32, F16 and BF16");
        }
        Tensor scales = typed(name, tensor.dtype(), shape);
        float[] floats = scales.floats();
        for (int i = 0; i < floats.length; i++) {
            if (!Float.isFinite(floats[i])) {
                throw new CheckpointException(
                        "tensor %s has %s at %d; allowed are finite numbers"
                                .formatted(name, floats[i], i));
            }
        }
        return floats;
    }

    private Tensor ints(String name, long... shape) {
        return typed(name, DType.I32, shape);
    }

    private Tensor typed(String name, DType dtype, long... shape) {
        Tensor tensor = present(name);
        List<Long> expected = new ArrayList<>();
        for (long size : shape) {
            expected.add(size);
        }
        if (tensor.dtype() != dtype || !tensor.shape().equals(expected)) {
            throw new CheckpointException(
                    "tensor %s is %s %s, config.json asks for %s %s"
                            .formatted(name, tensor.dtype(), tensor.shapeText(), dtype, expected));
        }
        return tensor;
    }

    private Tensor present(String name) {
        Tensor tensor = tensors.get(name);
        read.accept(name);
        if (tensor == null) {
            throw new CheckpointException("tensor " + name + " is missing in the checkpoint");
        }
        return tensor;
    }
}
