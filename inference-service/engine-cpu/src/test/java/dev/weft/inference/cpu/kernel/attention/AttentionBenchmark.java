package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One tile of attention on one thread, three heads on one KV head of 64 as in SmolLM2-135M, keys
 * and values in the cache. The baseline is the formula in plain Java on the same blocks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class AttentionBenchmark {
    private static final int HEADS = 3;
    private static final int HEAD_DIM = 64;
    private static final int LARGEST = 32767;

    /** Keys, then values. */
    private static final long NUMBERS = 2L * Attention.BLOCK * HEAD_DIM * Short.BYTES;

    /** Numbers, and behind them the scales of keys and those of values. */
    private static final long BLOCK_BYTES =
            NUMBERS + 2L * Attention.BLOCK * KvPrecision.SCALE_BYTES;

    /** What is computed at once. */
    public enum Work {
        DECODE(1, 100),
        PREFILL(Attention.tileRows(500, HEADS), 500);

        private final int rows;
        private final int length;

        Work(int rows, int length) {
            this.rows = rows;
            this.length = length;
        }
    }

    @Param Work work;

    private final Arena arena = Arena.ofAuto();
    private final Attention attention = new Attention(HEAD_DIM);
    private Attention.Tile tile;
    private Attention.Blocks blocks;
    private FloatMatrix q;
    private FloatMatrix target;

    /** Fills queries, keys and values. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        tile = new Attention.Tile(0, work.rows, work.length, 0, HEADS);
        int count = Math.ceilDiv(work.length + work.rows, Attention.BLOCK);
        MemorySegment data = arena.allocate(count * BLOCK_BYTES, 64);
        for (long i = 0; i < data.byteSize() / Short.BYTES; i++) {
            data.setAtIndex(
                    ValueLayout.JAVA_SHORT, i, (short) random.nextInt(-LARGEST, LARGEST + 1));
        }
        for (int block = 0; block < count; block++) {
            for (int slot = 0; slot < 2 * Attention.BLOCK; slot++) {
                long at = (block + 1) * BLOCK_BYTES - (1 + slot) * 4L;
                data.set(ValueLayout.JAVA_FLOAT, at, KvPrecision.INT16.scale(2.5f));
            }
        }
        blocks = new OneSegment(data);
        q = FloatMatrix.allocate(arena, work.rows, HEADS * HEAD_DIM);
        target = FloatMatrix.allocate(arena, work.rows, HEADS * HEAD_DIM);
        for (int row = 0; row < work.rows; row++) {
            for (int column = 0; column < q.columns(); column++) {
                q.set(row, column, (float) random.nextGaussian());
            }
        }
    }

    /** The engine's kernel. */
    @Benchmark
    public FloatMatrix vector() {
        attention.apply(q, tile, blocks, ScoreRule.plain(HEAD_DIM), target);
        return target;
    }

    /** Baseline. */
    @Benchmark
    public FloatMatrix plain() {
        for (int row = 0; row < work.rows; row++) {
            for (int head = 0; head < HEADS; head++) {
                plain(row, head * HEAD_DIM, new float[work.length + row]);
            }
        }
        return target;
    }

    private void plain(int row, int column, float[] scores) {
        float sum = 0;
        for (int p = 0; p < scores.length; p++) {
            float score = 0;
            for (int d = 0; d < HEAD_DIM; d++) {
                score += q.get(row, column + d) * key(p, d);
            }
            // scores of normal values divided by 8 are small: no maximum is needed
            scores[p] = (float) Math.exp(score / 8);
            sum += scores[p];
        }
        for (int d = 0; d < HEAD_DIM; d++) {
            float value = 0;
            for (int p = 0; p < scores.length; p++) {
                value += scores[p] * value(p, d);
            }
            target.set(row, column + d, value / sum);
        }
    }

    private float key(int position, int d) {
        int block = position / Attention.BLOCK;
        long at = (long) d * Attention.BLOCK + position % Attention.BLOCK;
        return number(block, blocks.keys(block) + 2 * at);
    }

    private float value(int position, int d) {
        int block = position / Attention.BLOCK;
        long at = (long) (position % Attention.BLOCK) * HEAD_DIM + d;
        return number(block, blocks.values(block) + 2 * at);
    }

    private float number(int block, long at) {
        float scale = KvPrecision.INT16.scale(2.5f);
        return scale * blocks.segment(block).get(ValueLayout.JAVA_SHORT, at);
    }

    private record OneSegment(MemorySegment data) implements Attention.Blocks {
        @Override
        public KvPrecision precision() {
            return KvPrecision.INT16;
        }

        @Override
        public long keyScales(int index) {
            return (index + 1) * BLOCK_BYTES - 8L * Attention.BLOCK;
        }

        @Override
        public long valueScales(int index) {
            return (index + 1) * BLOCK_BYTES - 4L * Attention.BLOCK;
        }

        @Override
        public MemorySegment segment(int index) {
            return data;
        }

        @Override
        public long keys(int index) {
            return index * BLOCK_BYTES;
        }

        @Override
        public long values(int index) {
            return keys(index) + NUMBERS / 2;
        }
    }
}
