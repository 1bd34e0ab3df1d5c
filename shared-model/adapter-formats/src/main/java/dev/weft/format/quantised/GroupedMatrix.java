package dev.weft.format.quantised;

import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Weights in 4 bits: {@code (code - zero) * scale}, with one zero and one scale for each output and
 * group of inputs. The product is exact in float if the scale is a float16 or bfloat16.
 */
public final class GroupedMatrix implements WeightMatrix {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Codes in an int. */
    private static final int CODES = 8;

    /** The bit at which AutoAWQ puts an output, by its number modulo 8. */
    private static final int[] AWQ_SHIFT = {0, 16, 4, 20, 8, 24, 12, 28};

    private final String name;
    private final Quantisation.Form form;
    private final Tensor codes;
    private final int out;
    private final int in;
    private final Groups groups;

    /**
     * What groups have.
     *
     * @param of the group of each input
     * @param scales {@code [out][count]}
     * @param zeros {@code [out][count]}
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and nobody else has them
    public record Groups(int count, int[] of, float[] scales, byte[] zeros) {}

    /** A matrix whose parts fit each other. */
    public GroupedMatrix(
            String name, Quantisation.Form form, Tensor codes, int out, int in, Groups groups) {
        this.name = name;
        this.form = form;
        this.codes = codes;
        this.out = out;
        this.in = in;
        this.groups = groups;
    }

    /** A code of 4 bits among outputs, as AutoAWQ packs them eight to an int. */
    public static int awq(int packed, int output) {
        return (packed >>> AWQ_SHIFT[output % CODES]) & 15;
    }

    /** A code of 4 bits, packed eight to an int from the low bits on. */
    public static int plain(int packed, int index) {
        return (packed >>> (4 * (index % CODES))) & 15;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Long> shape() {
        return List.of((long) out, (long) in);
    }

    public Groups groups() {
        return groups;
    }

    /** The codes of one output, 0 to 15, one per input. */
    public void codes(int output, byte[] target) {
        for (int i = 0; i < in; i++) {
            target[i] = (byte) code(output, i);
        }
    }

    private int code(int output, int input) {
        return switch (form) {
            case PACKED -> plain(at((long) output * (in / CODES) + input / CODES), input);
            case GPTQ -> plain(at((long) (input / CODES) * out + output), input);
            case AWQ -> awq(at((long) input * (out / CODES) + output / CODES), output);
        };
    }

    private int at(long index) {
        return codes.data().get(INT, 4 * index);
    }

    @Override
    public void copyTo(long from, float[] target, int offset, int count) {
        int output = (int) (from / in);
        int input = (int) (from % in);
        for (int i = 0; i < count; i++) {
            int group = output * groups.count + groups.of[input];
            int code = code(output, input) - groups.zeros[group];
            target[offset + i] = code * groups.scales[group];
            input++;
            if (input == in) {
                input = 0;
                output++;
            }
        }
    }
}
