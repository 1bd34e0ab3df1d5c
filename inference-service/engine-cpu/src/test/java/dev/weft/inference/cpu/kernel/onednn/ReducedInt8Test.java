package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReducedInt8Test {
    private static final int LARGEST = InputForm.REDUCED_INT8.largestByte();
    private static final int OUT = 70;

    private final Team team = new Team(2);
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    /** The instruction would saturate at 2^15: every pair of these products is near to it. */
    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void theLargestNumbersAreSummedUpExactly(int sign) {
        int in = 4096;
        int rows = 16;
        MemorySegment x = arena.allocate((long) rows * in, 64).fill((byte) (2 * LARGEST));
        MemorySegment weights = arena.allocate((long) OUT * in, 64).fill((byte) (sign * LARGEST));
        assertThat(sums(x, weights, rows, in)).containsOnly(sign * 2 * LARGEST * LARGEST * in);
    }

    /**
     * With sums beyond what a float holds exactly, which some kernels keep, and inputs that fill no
     * vector.
     */
    @ParameterizedTest
    @CsvSource({"3, 1", "40, 2", "576, 1", "576, 12", "1537, 1", "1537, 16", "40001, 4"})
    void sumsAreExactOrRoundedOnce(int in, int rows) {
        SplittableRandom random = new SplittableRandom(3);
        MemorySegment x = arena.allocate((long) rows * in, 64);
        for (int i = 0; i < rows * in; i++) {
            int input = i % 5 == 0 ? 2 * LARGEST : random.nextInt(2 * LARGEST + 1);
            x.set(ValueLayout.JAVA_BYTE, i, (byte) input);
        }
        MemorySegment weights = arena.allocate((long) OUT * in, 64);
        for (int i = 0; i < OUT * in; i++) {
            weights.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(-LARGEST / 2, LARGEST + 1));
        }
        int[] expected = new int[rows * OUT];
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < in; k++) {
                int input =
                        Byte.toUnsignedInt(x.get(ValueLayout.JAVA_BYTE, (long) i / OUT * in + k));
                expected[i] += input * weights.get(ValueLayout.JAVA_BYTE, (long) i % OUT * in + k);
            }
        }
        int[] rounded = Arrays.stream(expected).map(sum -> (int) (float) sum).toArray();
        assertThat(sums(x, weights, rows, in)).isIn(expected, rounded);
    }

    private int[] sums(MemorySegment x, MemorySegment weights, int rows, int in) {
        OneDnn dnn = OneDnnHere.reduced();
        ReducedInt8Products products = new ReducedInt8Products(dnn);
        memory.desc layout = products.layout(in, OUT);
        memory packed = dnn.memory(layout, arena.allocate(layout.get_size(), 64));
        products.pack(weights, in, OUT, packed);
        long bytes = 4L * rows * OUT;
        products.reserve(bytes);
        ReducedInt8Products.Call call = products.bind(rows, in, OUT, x, packed);
        products.execute(call);
        return call.sums().asSlice(0, bytes).toArray(ValueLayout.JAVA_INT);
    }

    private static WeightSource source(int in, int out) {
        SplittableRandom random = new SplittableRandom(1);
        short[] values = new short[out * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bf16.of((float) random.nextDouble(-1, 3));
        }
        List<Long> shape = List.of((long) out, (long) in);
        return new WeightSource(
                List.of(new Tensor("w", DType.BF16, shape, MemorySegment.ofArray(values))), null);
    }

    @Test
    void aLayerThatWasPackedBeforeComputesTheSame() {
        int in = 96;
        LinearLayers layers = layers();
        MemorySegment room = arena.allocate(layers.bytes(new Shape(in, OUT)), 64);
        Linear fresh = layers.pack(room, source(in, OUT));
        Linear again = layers.packed(room.asReadOnly(), new Shape(in, OUT));
        Activations x = inputs(fresh, 4);
        assertThat(outputs(again, x, 3)).isEqualTo(outputs(fresh, x, 3));
    }

    /** So many columns that few rows are multiplied at once. */
    @Test
    void aRowHasTheSameBitsWhereverItIs() {
        int rows = 37;
        Linear linear = layers().pack(arena, source(8, 40_000));
        Activations x = inputs(linear, 48);
        float[] all = outputs(linear, x, rows);
        for (int row : new int[] {0, 15, 16, 32, 36}) {
            Activations alone = inputs(linear, 2);
            alone.copyRow(x, row, 0);
            alone.prepare(0, linear.inputs());
            float[] expected =
                    Arrays.copyOfRange(all, row * linear.out(), (row + 1) * linear.out());
            assertThat(outputs(linear, alone, 1)).as("row %d", row).isEqualTo(expected);
        }
    }

    private LinearLayers layers() {
        OneDnnHere.reduced();
        return OneDnnKinds.open(Precision.INT8, team).orElseThrow();
    }

    private Activations inputs(Linear linear, int rows) {
        Activations x = Activations.allocate(arena, rows, linear.in());
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < linear.in(); i++) {
                x.floats().set(row, i, (float) Math.sin(row * linear.in() + i));
            }
            x.prepare(row, linear.inputs());
        }
        return x;
    }

    private float[] outputs(Linear linear, Activations x, int rows) {
        FloatMatrix y = FloatMatrix.allocate(arena, x.floats().rows(), linear.out());
        team.run(member -> linear.multiply(member, x, y, rows));
        return y.data()
                .asSlice(0, y.offset(rows - 1, 0) + 4L * linear.out())
                .toArray(ValueLayout.JAVA_FLOAT);
    }
}
