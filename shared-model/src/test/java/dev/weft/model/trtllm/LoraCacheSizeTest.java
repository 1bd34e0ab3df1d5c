package dev.weft.model.trtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.checkpoint.ModelFamily;
import dev.weft.model.checkpoint.RopeScaling;
import dev.weft.model.npy.NpyType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoraCacheSizeTest {
    /** Qwen2.5-1.5B. */
    private static final ModelConfig QWEN =
            new ModelConfig(
                    ModelFamily.QWEN2,
                    151936,
                    1536,
                    28,
                    12,
                    2,
                    128,
                    8960,
                    32768,
                    1e-6f,
                    1000000,
                    new RopeScaling.None(),
                    true);

    @Test
    void countsSlotsAsWideAsTheNarrowestModule() {
        LoraCacheSize size =
                LoraCacheSize.of(QWEN, Set.of(LinearModule.values()), 16, NpyType.FLOAT16, 1);

        // k and v: 1536 + 256; q and o: 2 slots, gate, up and down (1536 + 8960): 6
        assertThat(size.slotWidth()).isEqualTo(1792);
        assertThat(size.slotsPerPage()).isEqualTo((2 + 1 + 1 + 2 + 6 + 6 + 6) * 16L * 28);
        assertThat(size.pageBytes()).isEqualTo(size.slotsPerPage() * 1792 * 2);
        assertThat(size.bytes(3)).isEqualTo(3 * size.pageBytes());
    }

    @Test
    void hasRoomForAtLeastTheValuesOfSuchAnAdapter() {
        for (int rank : List.of(1, 8, 64)) {
            LoraCacheSize size =
                    LoraCacheSize.of(
                            QWEN,
                            Set.of(LinearModule.Q, LinearModule.DOWN),
                            rank,
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
                        QWEN, Set.of(LinearModule.Q, LinearModule.DOWN), 8, NpyType.FLOAT16, 2);

        assertThat(size.slotWidth()).isEqualTo(1536 + 768);
        assertThat(size.slotsPerPage()).isEqualTo((1 + 3) * 8L * 28);
    }
}
