package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        ReducedInt8Product product = new ReducedInt8Product(OneDnnHere.reduced());
        MemorySegment x = arena.allocate((long) rows * in, 64).fill((byte) (2 * LARGEST));
        MemorySegment weights = arena.allocate((long) OUT * in, 64).fill((byte) (sign * LARGEST));
        MemorySegment y = arena.allocate(4L * rows * OUT, 64);
        product.execute(
                product.bind(new ReducedInt8Product.Key(rows, in, OUT, OUT), x, weights, y));
        float sum = (float) (sign * 2 * LARGEST * LARGEST * in);
        assertThat(y.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(sum);
    }

    /** With sums beyond what a float holds exactly, and inputs that fill no vector. */
    @ParameterizedTest
    @ValueSource(ints = {3, 40, 576, 1537, 40_001})
    void aRowAloneHasTheSumsOfOneDnn(int in) {
        MemorySegment x = arena.allocate(2L * in, 64);
        ReducedInt8Weights weights = weights(in);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < in; i++) {
            int input = i % 5 == 0 ? 2 * LARGEST : random.nextInt(2 * LARGEST + 1);
            x.set(ValueLayout.JAVA_BYTE, i, (byte) input);
        }
        MemorySegment y = arena.allocate(8L * OUT, 64);
        ReducedInt8Product product = new ReducedInt8Product(OneDnnHere.reduced());
        product.execute(
                product.bind(new ReducedInt8Product.Key(2, in, OUT, OUT), x, weights.data(), y));
        ReducedInt8Row row = new ReducedInt8Row();
        row.read(x, in);
        for (int output = 0; output < OUT; output++) {
            float zero = (float) weights.zeros()[output];
            float expected = y.getAtIndex(ValueLayout.JAVA_FLOAT, output) - zero;
            assertThat(row.sum(weights, output)).as("output %d", output).isEqualTo(expected);
        }
    }

    private ReducedInt8Weights weights(int in) {
        Shape shape = new Shape(in, OUT);
        ReducedInt8Weights weights =
                new ReducedInt8Weights(arena.allocate(ReducedInt8Weights.bytes(shape), 64), shape);
        weights.fill(0, OUT, source(in));
        return weights.read();
    }

    private static WeightSource source(int in) {
        SplittableRandom random = new SplittableRandom(1);
        short[] values = new short[OUT * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bf16.of((float) random.nextDouble(-1, 3));
        }
        List<Long> shape = List.of((long) OUT, (long) in);
        return new WeightSource(
                List.of(new Tensor("w", DType.BF16, shape, MemorySegment.ofArray(values))), null);
    }

    @Test
    void aLayerThatWasPackedBeforeComputesTheSame() {
        int in = 96;
        ReducedInt8Layers layers = ReducedInt8Layers.open(team).orElseThrow(OneDnnHere::noReduced);
        MemorySegment room = arena.allocate(layers.bytes(new Shape(in, OUT)), 64);
        Linear fresh = layers.pack(room, source(in));
        Linear again = layers.packed(room.asReadOnly(), new Shape(in, OUT));
        Activations x = Activations.allocate(arena, 4, in);
        for (int row = 0; row < 4; row++) {
            for (int i = 0; i < in; i++) {
                x.floats().set(row, i, (float) Math.sin(row * in + i));
            }
            x.prepare(row, fresh.inputs());
        }
        assertThat(outputs(again, x)).isEqualTo(outputs(fresh, x));
    }

    private float[] outputs(Linear linear, Activations x) {
        FloatMatrix y = FloatMatrix.allocate(arena, 4, OUT);
        team.run(member -> linear.multiply(member, x, y, 3));
        return y.data().asSlice(0, y.offset(3, 0)).toArray(ValueLayout.JAVA_FLOAT);
    }
}
