package dev.weft.format.trtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraCacheSize.Ranks;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LoraCacheSizeTest {
    /** Qwen2.5-1.5B. */
    private static final DecoderShape QWEN =
            new DecoderShape(28, 1536, new DecoderShape.HeadCounts(12, 2, 128), 8960);

    @Test
    void countsSlotsAsWideAsTheNarrowestModule() {
        LoraCacheSize size =
                LoraCacheSize.of(
                        QWEN, Set.copyOf(LinearModule.SEPARATE), Ranks.of(16), NpyType.FLOAT16, 1);

        // k and v: 1536 + 256; q and o: 2 slots, gate, up and down (1536 + 8960): 6
        assertThat(size.slotWidth()).isEqualTo(1792);
        assertThat(size.slotsPerPage()).isEqualTo((2 + 1 + 1 + 2 + 6 + 6 + 6) * 16L * 28);
        assertThat(size.pageBytes()).isEqualTo(size.slotsPerPage() * 1792 * 2);
        assertThat(size.pagesPerAdapter()).isEqualTo(1);
        assertThat(size.bytes(3)).isEqualTo(3 * size.pageBytes());
    }

    @Test
    void hasRoomForAtLeastTheValuesOfSuchAnAdapter() {
        for (int rank : List.of(1, 8, 64)) {
            LoraCacheSize size =
                    LoraCacheSize.of(
                            QWEN,
                            Set.of(LinearModule.Q, LinearModule.DOWN),
                            Ranks.of(rank),
                            NpyType.FLOAT32,
                            1);
            long values = 28L * rank * (1536 + 1536 + 8960 + 1536);
            assertThat(size.pageBytes()).isGreaterThanOrEqualTo(4 * values);
        }
    }

    @Test
    void halvesWhatEachOfTwoGpusHasOfTheSplitSide() {
        LoraCacheSize size =
                LoraCacheSize.of(
                        QWEN,
                        Set.of(LinearModule.Q, LinearModule.DOWN),
                        Ranks.of(8),
                        NpyType.FLOAT16,
                        2);

        assertThat(size.slotWidth()).isEqualTo(1536 + 768);
        assertThat(size.slotsPerPage()).isEqualTo((1 + 3) * 8L * 28);
    }

    /**
     * Computed by hand: q is 3072 wide, down 10496, a slot 3072; a row of rank 16 takes 16 slots of
     * q, and 16 * 10496 / 3072 = 54.7, so 55 of down: 71 a layer.
     */
    @Test
    void fillsPagesOfSmallerAdaptersRowByRow() {
        Set<LinearModule> modules = new TreeSet<>(Set.of(LinearModule.Q, LinearModule.DOWN));

        LoraCacheSize size =
                LoraCacheSize.of(QWEN, modules, new Ranks(16, 16, 8), NpyType.FLOAT16, 1);

        assertThat(size.slotWidth()).isEqualTo(3072);
        // q 1 and down 4 slots for each rank
        assertThat(size.slotsPerPage()).isEqualTo((1 + 4) * 8L * 28);
        // 1120 / 71 = 15.8 layers, and the q of the 16th: rows are not cut, so 28 layers take 2
        // pages
        assertThat(size.pagesPerAdapter()).isEqualTo(2);
        assertThat(size.adapterBytes()).isEqualTo(2 * size.pageBytes());
    }

    @Test
    void hasPagesForARowOfTheLargestRankAtLeast() {
        Set<LinearModule> modules = Set.of(LinearModule.DOWN);
        DecoderShape oneLayer = layers(1);

        LoraCacheSize size =
                LoraCacheSize.of(oneLayer, modules, new Ranks(16, 64, 1), NpyType.FLOAT16, 1);

        // 16 times a slot, though one would be a page for rank 1; the engine's 16 bounds the 64
        assertThat(size.slotsPerPage()).isEqualTo(16);
        assertThat(size.pagesPerAdapter()).isEqualTo(1);
    }

    private static DecoderShape layers(int layers) {
        return new DecoderShape(
                layers,
                QWEN.hiddenSize(),
                new DecoderShape.HeadCounts(
                        QWEN.attention().heads(),
                        QWEN.attention().kvHeads(),
                        QWEN.attention().headDim()),
                QWEN.intermediateSize());
    }
}
