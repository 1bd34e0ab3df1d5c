package dev.weft.inference.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests each kernel that this processor has: the Vector API's everywhere, oneDNN's if they are
 * there.
 */
class LinearTest {
    private static final int IN = 192;
    private static final int MAX_ROWS = 256;

    private final Team team = new Team(3);
    private final Arena arena = Arena.ofShared();

    static Stream<KernelKind> kernels() {
        return Stream.of(KernelKind.values()).filter(kind -> kind != KernelKind.VECTOR_INT4);
    }

    @AfterEach
    void close() {
        team.close();
        arena.close();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreesWithTheReference(KernelKind kernel) {
        Kernels kernels = kernel.open(team, MAX_ROWS);
        int last = kernel == KernelKind.ONEDNN_FLOATS ? 8 : 5;
        Tensor[] parts = {weights("a", 320, 1), weights("b", 72, 2), weights("c", last, 3)};
        try (Linear linear = kernels.linear(arena, parts)) {
            assertThat(linear.out()).isEqualTo(392 + last);
            assertThatCode(() -> kernels.selfTest("a+b+c", linear, parts))
                    .doesNotThrowAnyException();
        }
    }

    /** Sizes that oneDNN sums up in one block, in several, and in blocks of other lengths. */
    static Stream<Arguments> kernelsAndInputs() {
        return kernels()
                .flatMap(kernel ->
                        Stream.of(40, IN, 576, 896, 1536, 4864)
                                .map(in -> Arguments.of(kernel, in)));
    }

    @ParameterizedTest
    @MethodSource("kernelsAndInputs")
    void aRowHasTheSameBitsAloneAndAmongAnyOthers(KernelKind kernel, int in) {
        Kernels kernels = kernel.open(team, MAX_ROWS);
        int out = 200;
        try (Linear linear = kernels.linear(arena, weights("w", out, in, 4))) {
            Activations x = inputs(in, linear.inputs());
            FloatMatrix alone = FloatMatrix.allocate(arena, MAX_ROWS, out);
            team.run(member -> linear.multiply(member, x, alone, 1));
            for (int rows : new int[] {2, 3, 7, 16, 33, 64, 131, 256}) {
                FloatMatrix y = FloatMatrix.allocate(arena, MAX_ROWS, out);
                team.run(member -> linear.multiply(member, x, y, rows));
                for (int o = 0; o < out; o++) {
                    assertThat(y.get(0, o))
                            .as("%d rows, output %d", rows, o)
                            .isEqualTo(alone.get(0, o));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndInputs")
    void rowsHaveTheSameBitsAtAnyPlace(KernelKind kernel, int in) {
        Kernels kernels = kernel.open(team, MAX_ROWS);
        int out = 104;
        try (Linear linear = kernels.linear(arena, weights("w", out, in, 8))) {
            Activations x = inputs(in, linear.inputs());
            FloatMatrix all = FloatMatrix.allocate(arena, MAX_ROWS, out);
            team.run(member -> linear.multiply(member, x, all, MAX_ROWS));
            for (int row : new int[] {1, 2, 3, 5, 126, 127, 128, 129, MAX_ROWS - 1}) {
                Activations one = Activations.allocate(arena, 2, in);
                one.copyRow(x, row, 0);
                one.prepare(0, linear.inputs());
                FloatMatrix y = FloatMatrix.allocate(arena, 2, out);
                team.run(member -> linear.multiply(member, one, y, 1));
                for (int o = 0; o < out; o++) {
                    assertThat(all.get(row, o)).as("row %d, %d", row, o).isEqualTo(y.get(0, o));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 576, 1536, 8960})
    void int8HasTheSameBitsOnAllKernels(int in) {
        int out = 200;
        Activations x = inputs(in, InputForm.INT8);
        FloatMatrix vector = product(KernelKind.VECTOR_INT8, x, out, in);
        FloatMatrix oneDnn = product(KernelKind.ONEDNN_INT8, x, out, in);
        for (int row = 0; row < MAX_ROWS; row++) {
            for (int o = 0; o < out; o++) {
                assertThat(vector.get(row, o)).as("row %d", row).isEqualTo(oneDnn.get(row, o));
            }
        }
    }

    private FloatMatrix product(KernelKind kernel, Activations x, int out, int in) {
        Kernels kernels = kernel.open(team, MAX_ROWS);
        try (Linear linear = kernels.linear(arena, weights("w", out, in, 9))) {
            assumeThat(linear.inputs())
                    .as("the same numbers in all int8 kernels of this processor")
                    .isEqualTo(InputForm.INT8);
            FloatMatrix y = FloatMatrix.allocate(arena, MAX_ROWS, out);
            team.run(member -> linear.multiply(member, x, y, MAX_ROWS));
            return y;
        }
    }

    /** Shapes that are tried in part, and outputs that not every kind has a kernel for. */
    @Test
    void kernelsAreChosenForAnyShape() {
        Kernels kernels = Kernels.open(Kernels.Choice.AUTO, Precision.BF16, team, MAX_ROWS);
        List<Shape> shapes = List.of(new Shape(576, 3072), new Shape(896, 1171), new Shape(64, 37));
        assertThatCode(() -> kernels.decide(shapes)).doesNotThrowAnyException();
        for (Shape shape : shapes) {
            Tensor weights = weights("w", shape.out(), shape.in(), 7);
            try (Linear linear = kernels.linear(arena, weights)) {
                kernels.selfTest("w", linear, weights);
            }
        }
    }

    @Test
    void theSelfTestFailsOnAWrongLayer() {
        Kernels kernels = Kernels.open(Kernels.Choice.VECTOR, Precision.BF16, team, MAX_ROWS);
        try (Linear linear = kernels.linear(arena, weights("w", 128, 5))) {
            assertThatCode(() -> kernels.selfTest("w", linear, weights("other", 128, 6)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("self-test failed: w on vector");
        }
    }

    private Activations inputs(int in, InputForm form) {
        Activations x = Activations.allocate(arena, MAX_ROWS, in);
        SplittableRandom random = new SplittableRandom(11);
        for (int row = 0; row < MAX_ROWS; row++) {
            for (int i = 0; i < in; i++) {
                x.floats().set(row, i, (float) random.nextGaussian());
            }
            x.prepare(row, form);
        }
        return x;
    }

    private static Tensor weights(String name, int out, long seed) {
        return weights(name, out, IN, seed);
    }

    private static Tensor weights(String name, int out, int in, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        short[] values = new short[out * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bf16.of((float) (random.nextGaussian() * 0.05));
        }
        return new Tensor(
                name, DType.BF16, List.of((long) out, (long) in), MemorySegment.ofArray(values));
    }
}
