package dev.weft.inference.cpu.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
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
        for (Case made : cases(rows, heads, headDim)) {
            everyRowHasItsBits(made, rows, length);
        }
    }

    /** Both precisions, with all positions, and with a window, a cap and sinks. */
    private List<Case> cases(int rows, int heads, int headDim) {
        float[] sinks = new float[heads];
        for (int head = 0; head < heads; head++) {
            sinks[head] = head - 1.5f;
        }
        List<Case> cases = new ArrayList<>();
        for (KvPrecision precision : KvPrecision.values()) {
            ScoreRule plain = ScoreRule.plain(headDim);
            cases.add(new Case(rows, heads, headDim, precision, plain));
            ScoreRule other = new ScoreRule(0.3f, 29, 4f, sinks);
            cases.add(new Case(rows, heads, headDim, precision, other));
        }
        return cases;
    }

    private static void everyRowHasItsBits(Case made, int rows, int length) {
        FloatMatrix together = made.attend(0, rows, length);

        for (int row = 0; row < rows; row++) {
            FloatMatrix alone = made.attend(row, 1, length + row);
            for (int column = 0; column < alone.columns(); column++) {
                assertThat(alone.get(row, column)).isEqualTo(together.get(row, column));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 3, 64", "16, 45, 3, 64", "7, 120, 2, 24", "16, 57, 1, 8"})
    void resultsAreThoseOfTheFormula(int rows, int length, int heads, int headDim) {
        for (Case made : cases(rows, heads, headDim)) {
            compare(made, rows, length);
        }
    }

    private static void compare(Case made, int rows, int length) {
        int heads = made.heads;
        int headDim = made.headDim;
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
        for (Case made : cases(1, heads, headDim)) {
            partsHaveTheBitsOfTheWhole(made, length);
        }
    }

    private void partsHaveTheBitsOfTheWhole(Case made, int length) {
        int heads = made.heads;
        int headDim = made.headDim;
        FloatMatrix whole = made.attend(0, 1, length);
        FloatMatrix parts = FloatMatrix.allocate(arena, 1, heads * headDim);
        SharedAttention shared = new SharedAttention(headDim);
        for (int repetition = 0; repetition < 2; repetition++) {
            Attention.Tile tile = new Attention.Tile(0, 1, length, 0, heads);
            int behind = made.rule.blocksBehind(tile);
            Attention.Blocks blocks = made.from(behind);
            shared.begin(made.q, tile.behind(behind), made.rule);
            for (int part = shared.scoreParts() - 1; part >= 0; part--) {
                shared.score(part, blocks);
            }
            for (int part = shared.softmaxParts() - 1; part >= 0; part--) {
                shared.softmax(part);
            }
            for (int part = shared.weighParts() - 1; part >= 0; part--) {
                shared.weigh(part, blocks, parts);
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
        private final KvPrecision precision;
        private final SplittableRandom random = new SplittableRandom(11);
        private final FloatMatrix q;
        private final MemorySegment[] segments = new MemorySegment[2];
        private final Attention attention;
        private final ScoreRule rule;

        Case(int rows, int heads, int headDim, KvPrecision precision, ScoreRule rule) {
            this.rule = rule;
            this.heads = heads;
            this.headDim = headDim;
            this.precision = precision;
            this.attention = new Attention(headDim);
            q = FloatMatrix.allocate(arena, rows, heads * headDim);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < heads * headDim; column++) {
                    q.set(row, column, (float) random.nextGaussian());
                }
            }
            int blocks = SEQUENCE / Attention.BLOCK;
            for (int i = 0; i < segments.length; i++) {
                segments[i] = arena.allocate(blocks * half(), 64);
            }
            for (int block = 0; block < blocks; block++) {
                fill(segment(block), keys(block));
                fill(segment(block), values(block));
            }
        }

        /** Numbers of a block's keys or values, and their scales. */
        private void fill(MemorySegment segment, long from) {
            long scales = from + scales();
            for (long at = from; at < scales; at += precision.bytes()) {
                if (precision == KvPrecision.INT16) {
                    short number = (short) random.nextInt(-32767, 32768);
                    segment.set(ValueLayout.JAVA_SHORT, at, number);
                } else {
                    segment.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(-127, 128));
                }
            }
            for (long at = scales; at < from + half(); at += Float.BYTES) {
                segment.set(ValueLayout.JAVA_FLOAT, at, random.nextFloat() * precision.scale(2.5f));
            }
        }

        private long scales() {
            return (long) Attention.BLOCK * headDim * precision.bytes();
        }

        /** Bytes of a block's keys, or values. */
        private long half() {
            return scales() + (long) Attention.BLOCK * KvPrecision.SCALE_BYTES;
        }

        FloatMatrix attend(int row, int rows, int length) {
            FloatMatrix target = FloatMatrix.allocate(arena, q.rows(), heads * headDim);
            Attention.Tile tile = new Attention.Tile(row, rows, length, 0, heads);
            int behind = rule.blocksBehind(tile);
            attention.apply(q, tile.behind(behind), from(behind), rule, target);
            return target;
        }

        double[] formula(int row, int head, int length) {
            double[] weights = new double[length];
            double total = 0;
            for (int p = 0; p < length; p++) {
                double score = 0;
                for (int d = 0; d < headDim; d++) {
                    score += q.get(row, head * headDim + d) * key(p, d);
                }
                score *= rule.scale();
                if (rule.cap() > 0) {
                    score = rule.cap() * Math.tanh(score / rule.cap());
                }
                boolean isSeen = rule.window() == 0 || length - p <= rule.window();
                weights[p] = isSeen ? Math.exp(score) : 0;
                total += weights[p];
            }
            total += Math.exp(rule.sink(head));
            double[] result = new double[headDim];
            for (int p = 0; p < length; p++) {
                for (int d = 0; d < headDim; d++) {
                    result[d] += weights[p] / total * value(p, d);
                }
            }
            return result;
        }

        /** The blocks from one on; those before it are not there. */
        Attention.Blocks from(int first) {
            Case all = this;
            return new Attention.Blocks() {
                @Override
                public KvPrecision precision() {
                    return precision;
                }

                @Override
                public MemorySegment segment(int index) {
                    return all.segment(first + index);
                }

                @Override
                public long keys(int index) {
                    return all.keys(first + index);
                }

                @Override
                public long values(int index) {
                    return all.values(first + index);
                }

                @Override
                public long keyScales(int index) {
                    return all.keyScales(first + index);
                }

                @Override
                public long valueScales(int index) {
                    return all.valueScales(first + index);
                }
            };
        }

        private double key(int position, int d) {
            int block = position / 16;
            return number(block, keys(block), d * 16 + position % 16, position % 16);
        }

        private double value(int position, int d) {
            int block = position / 16;
            return number(block, values(block), position % 16 * headDim + d, position % 16);
        }

        private double number(int block, long from, int element, int slot) {
            MemorySegment segment = segment(block);
            double scale = segment.get(ValueLayout.JAVA_FLOAT, from + scales() + 4L * slot);
            return scale
                    * (precision == KvPrecision.INT16
                            ? segment.get(ValueLayout.JAVA_SHORT, from + 2L * element)
                            : segment.get(ValueLayout.JAVA_BYTE, from + element));
        }

        @Override
        public KvPrecision precision() {
            return precision;
        }

        @Override
        public MemorySegment segment(int index) {
            return segments[index % 2];
        }

        @Override
        public long keys(int index) {
            return index / 2 * 2L * half();
        }

        @Override
        public long values(int index) {
            return keys(index) + half();
        }

        @Override
        public long keyScales(int index) {
            return keys(index) + scales();
        }

        @Override
        public long valueScales(int index) {
            return values(index) + scales();
        }
    }
}
