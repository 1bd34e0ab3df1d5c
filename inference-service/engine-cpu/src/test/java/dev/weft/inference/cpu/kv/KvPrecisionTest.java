package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and values in 8 bits, written and read back. */
class KvPrecisionTest {
    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int POSITIONS = 40;

    @ParameterizedTest
    @CsvSource({
        "INT8, 64", "INT8, 128", "INT8, 80", "INT8, 12", "INT8, 2",
        "INT16, 64", "INT16, 128", "INT16, 80", "INT16, 12", "INT16, 2"
    })
    void aNumberIsOffByHalfAStepOfItsPositionAtMost(KvPrecision precision, int headDim) {
        float[][] stored = new float[POSITIONS * LAYERS * HEADS][];
        try (KvCache cache = cache(precision, headDim)) {
            KvSequence sequence = cache.sequence("", null);
            assertThat(sequence.reserve(POSITIONS)).isTrue();
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < stored.length; i++) {
                stored[i] = store(sequence, i, headDim, random);
            }
            for (int i = 0; i < stored.length; i++) {
                Attention.Blocks blocks = sequence.blocks(i % LAYERS, i / LAYERS % HEADS, 0);
                check(blocks, i / LAYERS / HEADS, headDim, stored[i]);
            }
        }
    }

    private static float[] store(KvSequence sequence, int i, int headDim, SplittableRandom random) {
        float[] both = new float[2 * headDim];
        for (int d = 0; d < both.length; d++) {
            both[d] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        sequence.store(
                i % LAYERS,
                i / LAYERS % HEADS,
                i / LAYERS / HEADS,
                Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, both),
                0,
                4L * headDim);
        return both;
    }

    private static void check(Attention.Blocks blocks, int position, int headDim, float[] stored) {
        int block = position / Attention.BLOCK;
        int slot = position % Attention.BLOCK;
        MemorySegment data = blocks.segment(block);
        float key = data.get(ValueLayout.JAVA_FLOAT, blocks.keyScales(block) + 4L * slot);
        float value = data.get(ValueLayout.JAVA_FLOAT, blocks.valueScales(block) + 4L * slot);
        for (int d = 0; d < headDim; d++) {
            int keyAt = d * Attention.BLOCK + slot;
            assertThat(key * number(blocks, data, blocks.keys(block), keyAt))
                    .isCloseTo(stored[d], within(0.51f * key));
            int valueAt = slot * headDim + d;
            assertThat(value * number(blocks, data, blocks.values(block), valueAt))
                    .isCloseTo(stored[headDim + d], within(0.51f * value));
        }
    }

    private static int number(Attention.Blocks blocks, MemorySegment data, long from, int element) {
        return switch (blocks.precision()) {
            case INT16 -> data.get(ValueLayout.JAVA_SHORT, from + 2L * element);
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, from + element);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, NaN", "INT8, Infinity", "INT8, -Infinity",
        "INT16, NaN", "INT16, Infinity", "INT16, -Infinity"
    })
    void whatIsNoNumberStaysNone(KvPrecision precision, float bad) {
        try (KvCache cache = cache(precision, 64)) {
            KvSequence sequence = cache.sequence("", null);
            assertThat(sequence.reserve(1)).isTrue();
            float[] both = new float[128];
            both[37] = bad;
            both[100] = bad;
            sequence.store(
                    0, 0, 0, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, both), 0, 4L * 64);
            Attention.Blocks blocks = sequence.blocks(0, 0, 0);
            MemorySegment data = blocks.segment(0);
            assertThat(data.get(ValueLayout.JAVA_FLOAT, blocks.keyScales(0))).isNotFinite();
            assertThat(data.get(ValueLayout.JAVA_FLOAT, blocks.valueScales(0))).isNotFinite();
        }
    }

    @ParameterizedTest
    @EnumSource
    void zerosStayZeros(KvPrecision precision) {
        try (KvCache cache = cache(precision, 64)) {
            KvSequence sequence = cache.sequence("", null);
            assertThat(sequence.reserve(1)).isTrue();
            sequence.store(
                    0, 0, 0, Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 128), 0, 4L * 64);
            MemorySegment data = sequence.blocks(0, 0, 0).segment(0);
            assertThat(data.get(ValueLayout.JAVA_BYTE, sequence.blocks(0, 0, 0).keys(0))).isZero();
        }
    }

    @Test
    void aPositionTakesLittleMoreThanHalf() {
        DecoderShape shape = shape(64);
        long int16 = KvCache.bytesPerPosition(shape, shape.layers(), KvPrecision.INT16);
        long int8 = KvCache.bytesPerPosition(shape, shape.layers(), KvPrecision.INT8);
        assertThat(int16).isEqualTo(2L * (2 * 64 + 4) * LAYERS * HEADS);
        assertThat(int8).isEqualTo(2L * (64 + 4) * LAYERS * HEADS);
    }

    private static KvCache cache(KvPrecision precision, int headDim) {
        return new KvCache(shape(headDim), POSITIONS + 16L, true, precision, KvSpan.ALL);
    }

    private static DecoderShape shape(int headDim) {
        return new DecoderShape(
                LAYERS, 2 * headDim, new DecoderShape.HeadCounts(HEADS, HEADS, headDim), 2);
    }
}
