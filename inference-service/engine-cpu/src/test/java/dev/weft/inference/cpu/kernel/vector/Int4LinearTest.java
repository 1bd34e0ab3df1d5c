package dev.weft.inference.cpu.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.quantised.GroupedMatrix;
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Int4LinearTest {
    private static final int ROWS = 131;

    private final Arena arena = Arena.ofShared();
    private final Team team = new Team(2);
    private final Kernels kernels = Kernels.open(Kernels.Choice.VECTOR, Precision.BF16, team, ROWS);

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    /** Random codes; groups in order, or dealt out in turn. */
    private static GroupedMatrix weights(int out, int in, int groups, boolean inOrder, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] codes = new int[out * in / 8];
        Arrays.setAll(codes, _ -> random.nextInt());
        int[] groupOf = new int[in];
        Arrays.setAll(groupOf, i -> inOrder ? i / (in / groups) : i % groups);
        float[] scales = new float[out * groups];
        byte[] zeros = new byte[out * groups];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
            zeros[i] = (byte) random.nextInt(16);
        }
        Tensor tensor =
                new Tensor(
                        "codes",
                        DType.I32,
                        List.of((long) out, in / 8L),
                        MemorySegment.ofArray(codes));
        return new GroupedMatrix(
                "weights",
                Quantisation.Form.PACKED,
                tensor,
                out,
                in,
                new GroupedMatrix.Groups(groups, groupOf, scales, zeros));
    }

    private Activations inputs(int in) {
        Activations x = Activations.allocate(arena, ROWS, in);
        SplittableRandom random = new SplittableRandom(9);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < in; i++) {
                x.floats().set(row, i, (float) random.nextGaussian());
            }
        }
        return x;
    }

    /** The second part's groups are in the first's order, or in another one. */
    @ParameterizedTest
    @CsvSource({
        "40, 8, 1, true, true",
        "104, 576, 18, true, true",
        "200, 576, 4, false, false",
        "64, 1536, 12, true, true",
        "33, 4864, 38, false, false",
        "104, 576, 18, true, false",
        "40, 24, 3, false, true",
        "33, 4864, 38, true, false"
    })
    void aRowHasTheBitsOfExactWeightsAloneAndAmongOthers(
            int out, int in, int groups, boolean inOrder, boolean secondInOrder) {
        GroupedMatrix first = weights(out, in, groups, inOrder, 1);
        GroupedMatrix second = weights(16, in, groups, secondInOrder, 2);
        Activations x = inputs(in);
        try (Linear linear = kernels.linear(arena, first, second)) {
            kernels.selfTest("w", linear, first, second);
            FloatMatrix alone = FloatMatrix.allocate(arena, ROWS, out + 16);
            team.run(member -> linear.multiply(member, x, alone, 1));
            for (int o = 0; o < out + 16; o++) {
                assertThat(alone.get(0, o)).isEqualTo(sum(first, second, x, o));
            }
            for (int rows : new int[] {2, 5, 64, ROWS}) {
                FloatMatrix y = FloatMatrix.allocate(arena, ROWS, out + 16);
                team.run(member -> linear.multiply(member, x, y, rows));
                for (int o = 0; o < out + 16; o++) {
                    assertThat(y.get(0, o)).as("%d rows", rows).isEqualTo(alone.get(0, o));
                }
            }
        }
    }

    /** The measure of these kernels multiplies the stored values themselves. */
    @Test
    void dequantisedWeightsHaveTheSameBits() {
        GroupedMatrix first = weights(104, 576, 18, true, 1);
        GroupedMatrix second = weights(16, 576, 18, false, 2);
        Activations x = inputs(576);
        FloatMatrix in4Bits = FloatMatrix.allocate(arena, ROWS, 120);
        FloatMatrix floats = FloatMatrix.allocate(arena, ROWS, 120);
        Kernels exact = kernels.dequantising();
        assertThat(exact.bytes(first, second)).isZero();
        try (Linear linear = kernels.linear(arena, first, second);
                Linear dequantised = exact.linear(arena, first, second)) {
            exact.selfTest("w", dequantised, first, second);
            team.run(member -> linear.multiply(member, x, in4Bits, ROWS));
            team.run(member -> dequantised.multiply(member, x, floats, ROWS));
            for (int i = 0; i < ROWS * 120; i++) {
                assertThat(in4Bits.get(i / 120, i % 120)).isEqualTo(floats.get(i / 120, i % 120));
            }
        }
    }

    /** One output of the first row: fused products in the order of the inputs. */
    private static float sum(GroupedMatrix first, GroupedMatrix second, Activations x, int o) {
        int out = first.shape().getFirst().intValue();
        int in = x.columns();
        float[] weights = new float[in];
        GroupedMatrix part = o < out ? first : second;
        part.copyTo((long) (o < out ? o : o - out) * in, weights, 0, in);
        float sum = 0;
        for (int i = 0; i < in; i++) {
            sum = Math.fma(weights[i], x.floats().get(0, i), sum);
        }
        return sum;
    }

    /** As GPTQ's desc_act sorts the inputs of q, k and v; at int8, too. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void matricesWhoseGroupsDifferStayIn4Bits(Precision precision) {
        Kernels other = Kernels.open(Kernels.Choice.VECTOR, precision, team, ROWS);
        GroupedMatrix q = weights(64, 64, 4, true, 1);
        GroupedMatrix k = weights(64, 64, 4, false, 2);
        GroupedMatrix v = weights(64, 64, 4, true, 3);
        assertThat(other.bytes(q, k, v)).isEqualTo(3 * other.bytes(q));
        try (Linear linear = other.linear(arena, q, k, v)) {
            other.selfTest("w", linear, q, k, v);
            assertThat(other.name()).endsWith(" and vector int4");
            assertThat(linear.inputs()).isEqualTo(InputForm.FLOAT);
        }
    }

    @Test
    void theyTakeAboutAThirdOfBf16() {
        GroupedMatrix weights = weights(512, 1024, 8, true, 1);
        // 4 bits a code, and 8 bytes for 128 of them
        assertThat(kernels.bytes(weights)).isEqualTo(512 * 1024 / 2 + 512L * 8 * 8);
    }
}
