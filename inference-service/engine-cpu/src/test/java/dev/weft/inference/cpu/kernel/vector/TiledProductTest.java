package dev.weft.inference.cpu.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes around whole panels, tiles and pairs of inputs. */
class TiledProductTest {
    /** More than are taken at a time, and some that fill no group. */
    private static final int ROWS = 47;

    @AutoClose private final Arena arena = Arena.ofConfined();

    @ParameterizedTest
    @CsvSource({"64,16", "80,9", "127,5", "48,33", "1,1", "16,2", "200,8", "320,64", "5,40"})
    void isTheFormulaWithTheSameBitsForAnyNumberOfRows(int out, int in) {
        SplittableRandom random = new SplittableRandom(out * 100L + in);
        float[][] weights = new float[out][in];
        TiledMatrix matrix =
                TiledMatrix.pack(
                        arena,
                        out,
                        in,
                        (o, row) -> {
                            for (int i = 0; i < in; i++) {
                                weights[o][i] = Bf16.toFloat(Bf16.of(gaussian(random)));
                                row[i] = weights[o][i];
                            }
                        });
        for (int o = 0; o < out; o++) {
            assertThat(matrix.row(o)).isEqualTo(weights[o]);
        }
        FloatMatrix x = FloatMatrix.allocate(arena, ROWS, in + 3);
        IntStream.range(0, ROWS * (in + 3)).forEach(i -> x.set(0, i, gaussian(random)));
        FloatMatrix together = multiply(matrix, x, new TiledProduct.RowBlock(all(), 0, ROWS));
        for (int row = 0; row < ROWS; row++) {
            FloatMatrix alone =
                    multiply(matrix, x, new TiledProduct.RowBlock(new int[] {row}, 0, 1));
            for (int o = 0; o < out; o++) {
                double expected = 1;
                for (int i = 0; i < in; i++) {
                    expected += 0.5 * x.get(row, i + 3) * weights[o][i];
                }
                assertThat(together.get(row, o + 1)).isCloseTo((float) expected, within(1e-3f));
                assertThat(alone.get(row, o + 1)).isEqualTo(together.get(row, o + 1));
            }
            assertThat(together.get(row, 0)).isEqualTo(1f);
        }
    }

    private FloatMatrix multiply(TiledMatrix matrix, FloatMatrix x, TiledProduct.RowBlock rows) {
        FloatMatrix y = FloatMatrix.allocate(arena, ROWS, matrix.out() + 1);
        IntStream.range(0, ROWS * y.columns()).forEach(i -> y.set(0, i, 1f));
        new TiledProduct()
                .multiply(
                        matrix,
                        0,
                        matrix.panels(),
                        new TiledProduct.Operands(x, 3, y, 1, 0.5f, true),
                        rows);
        return y;
    }

    /** All rows, not in their order. */
    private static int[] all() {
        return IntStream.range(0, ROWS).map(i -> i * 5 % ROWS).toArray();
    }

    private static float gaussian(SplittableRandom random) {
        return (float) random.nextGaussian();
    }
}
