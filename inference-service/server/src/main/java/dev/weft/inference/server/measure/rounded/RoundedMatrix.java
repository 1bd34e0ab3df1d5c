package dev.weft.inference.server.measure.rounded;

import dev.weft.format.safetensors.WeightMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A matrix {@code [out][in]} in 4 bits, each weight rounded to the nearest of its group's 16
 * values, {@code (code - zero) * scale}; scales are float16.
 */
final class RoundedMatrix {
    private static final int MOST_CODE = 15;
    private static final int MIDDLE = 8;

    private final RoundedForm form;
    private final int out;
    private final int in;
    private final int groups;
    private final int[] groupOf;
    private final byte[] codes;
    private final byte[] zeros;
    private final float[] scales;

    private RoundedMatrix(RoundedForm form, int out, int in, int group) {
        this.form = form;
        this.out = out;
        this.in = in;
        this.groups = in / group;
        this.groupOf = new int[in];
        this.codes = new byte[out * in];
        this.zeros = new byte[out * groups];
        this.scales = new float[out * groups];
    }

    /**
     * Rounds a matrix.
     *
     * @param group inputs of a group; divides the inputs
     */
    static RoundedMatrix of(WeightMatrix weights, RoundedForm form, int group) {
        int out = weights.shape().getFirst().intValue();
        int in = weights.shape().get(1).intValue();
        float[] values = new float[Math.multiplyExact(out, in)];
        weights.copyTo(0, values, 0, values.length);
        RoundedMatrix matrix = new RoundedMatrix(form, out, in, group);
        matrix.sort(values, group);
        for (int output = 0; output < out; output++) {
            matrix.round(values, output);
        }
        return matrix;
    }

    private void sort(float[] values, int group) {
        Integer[] order = IntStream.range(0, in).boxed().toArray(Integer[]::new);
        if (form.isSorted()) {
            double[] squares = new double[in];
            for (int i = 0; i < values.length; i++) {
                squares[i % in] += (double) values[i] * values[i];
            }
            Arrays.sort(order, Comparator.comparingDouble(i -> -squares[i]));
        }
        for (int place = 0; place < in; place++) {
            groupOf[order[place]] = place / group;
        }
    }

    private void round(float[] values, int output) {
        float[] least = new float[groups];
        float[] most = new float[groups];
        for (int i = 0; i < in; i++) {
            float value = values[output * in + i];
            int group = groupOf[i];
            float size = form.isSymmetric() ? Math.abs(value) : 0;
            least[group] = Math.min(least[group], Math.min(value, -size));
            most[group] = Math.max(most[group], Math.max(value, size));
        }
        for (int group = 0; group < groups; group++) {
            float scale = float16((most[group] - least[group]) / MOST_CODE);
            scales[output * groups + group] = scale > 0 ? scale : 1;
            zeros[output * groups + group] =
                    (byte)
                            (form.isSymmetric()
                                    ? MIDDLE
                                    : scale > 0 ? code(-least[group] / scale) : 0);
        }
        for (int i = 0; i < in; i++) {
            int at = output * groups + groupOf[i];
            codes[output * in + i] = (byte) code(values[output * in + i] / scales[at] + zeros[at]);
        }
    }

    private static int code(float value) {
        return Math.clamp(Math.round(value), 0, MOST_CODE);
    }

    private static float float16(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    int out() {
        return out;
    }

    int in() {
        return in;
    }

    int groups() {
        return groups;
    }

    int group(int input) {
        return groupOf[input];
    }

    int code(int output, int input) {
        return codes[output * in + input];
    }

    int zero(int output, int group) {
        return zeros[output * groups + group];
    }

    /** A float16. */
    short scale(int output, int group) {
        return Float.floatToFloat16(scales[output * groups + group]);
    }
}
