package dev.weft.inference.cpu.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
    private static final int SEQUENCE = 640;

    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @CsvSource({
        // rows of the tile, positions that the first sees, heads, elements of a head
        "1, 1, 1, 64", "1, 16, 3, 64", "1, 100, 3, 64", "1, 33, 8, 128", "1, 50, 9, 64",
        "3, 14, 3, 64", "4, 60, 3, 64", "16, 1, 3, 64", "16, 45, 3, 64", "15, 184, 3, 64",
        "16, 57, 1, 8", "7, 120, 2, 24", "9, 63, 5, 80", "16, 100, 4, 100",
    })
    void everyRowOfATileHasTheBitsItHasAlone(int rows, int length, int heads, int headDim) {
        Case made = new Case(rows, heads, headDim);
        FloatMatrix together = made.attend(0, rows, length);

        for (int row = 0; row < rows; row++) {
            FloatMatrix alone = made.attend(row, 1, length + row);
            for (int column = 0; column < heads * headDim; column++) {
                assertThat(alone.get(row, column)).isEqualTo(together.get(row, column));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 3, 64", "16, 45, 3, 64", "7, 120, 2, 24", "16, 57, 1, 8"})
    void resultsAreThoseOfTheFormula(int rows, int length, int heads, int headDim) {
        Case made = new Case(rows, heads, headDim);
        FloatMatrix results = made.attend(0, rows, length);

        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < heads; head++) {
                double[] expected = made.formula(row, head, length + row);
                for (int d = 0; d < headDim; d++) {
                    assertThat((double) results.get(row, head * headDim + d))
                            .isCloseTo(expected[d], within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 64",
        "20, 3, 64",
        "256, 3, 64",
        "257, 9, 64",
        "600, 4, 128",
        "520, 2, 80",
        "530, 1, 8",
        "640, 5, 100",
    })
    void aRowInPartsHasTheBitsOfTheWhole(int length, int heads, int headDim) {
        Case made = new Case(1, heads, headDim);
        FloatMatrix whole = made.attend(0, 1, length);
        FloatMatrix parts = FloatMatrix.allocate(arena, 1, heads * headDim);
        SharedAttention shared = new SharedAttention(headDim);
        for (int repetition = 0; repetition < 2; repetition++) {
            shared.begin(made.q, new Attention.Tile(0, 1, length, 0, heads));
            for (int part = shared.scoreParts() - 1; part >= 0; part--) {
                shared.score(part, made);
            }
            for (int part = shared.softmaxParts() - 1; part >= 0; part--) {
                shared.softmax(part);
            }
            for (int part = shared.weighParts() - 1; part >= 0; part--) {
                shared.weigh(part, made, parts);
            }
            for (int column = 0; column < heads * headDim; column++) {
                assertThat(parts.get(0, column)).isEqualTo(whole.get(0, column));
            }
        }
    }

    /** Random queries, keys and values; blocks lie in two segments in turn. */
    private final class Case implements Attention.Blocks {
        private final int heads;
        private final int headDim;
        private final FloatMatrix q;
        private final MemorySegment[] segments = new MemorySegment[2];
        private final Attention attention;

        Case(int rows, int heads, int headDim) {
            this.heads = heads;
            this.headDim = headDim;
            this.attention = new Attention(headDim);
            SplittableRandom random = new SplittableRandom(11);
            q = FloatMatrix.allocate(arena, rows, heads * headDim);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < heads * headDim; column++) {
                    q.set(row, column, (float) random.nextGaussian());
                }
            }
            for (int i = 0; i < segments.length; i++) {
                segments[i] = arena.allocate(4L * SEQUENCE * headDim, 64);
                for (long at = 0; at < segments[i].byteSize(); at += 2) {
                    short bits = Bf16.of((float) random.nextGaussian());
                    segments[i].set(ValueLayout.JAVA_SHORT, at, bits);
                }
            }
        }

        FloatMatrix attend(int row, int rows, int length) {
            FloatMatrix target = FloatMatrix.allocate(arena, q.rows(), heads * headDim);
            attention.apply(q, new Attention.Tile(row, rows, length, 0, heads), this, target);
            return target;
        }

        double[] formula(int row, int head, int length) {
            double[] weights = new double[length];
            double total = 0;
            for (int p = 0; p < length; p++) {
                double score = 0;
                for (int d = 0; d < headDim; d++) {
                    long at = keys(p / 16) + 2L * (d * 16 + p % 16);
                    score += q.get(row, head * headDim + d) * bf16(p, at);
                }
                weights[p] = Math.exp(score / Math.sqrt(headDim));
                total += weights[p];
            }
            double[] result = new double[headDim];
            for (int p = 0; p < length; p++) {
                for (int d = 0; d < headDim; d++) {
                    long at = values(p / 16) + 2L * (p % 16 * headDim + d);
                    result[d] += weights[p] / total * bf16(p, at);
                }
            }
            return result;
        }

        private double bf16(int position, long at) {
            return Bf16.toFloat(segment(position / 16).get(ValueLayout.JAVA_SHORT, at));
        }

        @Override
        public MemorySegment segment(int index) {
            return segments[index % 2];
        }

        @Override
        public long keys(int index) {
            return index / 2 * 2L * values(0);
        }

        @Override
        public long values(int index) {
            long half = 2L * Attention.BLOCK * headDim;
            return half + (index == 0 ? 0 : keys(index));
        }
    }
}
