package dev.weft.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers get that pass over patterns. */
class FoldedAdapterTest extends FolderTest {
    private static final String B = SmallAdapter.PREFIX + "1.self_attn.q_proj.lora_B.weight";

    @TempDir private Path folded;

    private static LoraAdapter accepted(LoraCheck check) {
        if (check instanceof LoraCheck.Accepted(LoraAdapter adapter, var _)) {
            return adapter;
        }
        throw new AssertionError(check.toString());
    }

    private Path fold(SmallAdapter adapter) throws IOException {
        try (LoraAdapter from = accepted(check(adapter))) {
            FoldedAdapter.write(from, "model.", folded);
        }
        return folded;
    }

    @Test
    void ranksAndScalesByPatternAreInTheMatrices() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.V)
                        .withPair(0, LinearModule.Q, 2, DType.F32)
                        .with("rank_pattern", Map.of("layers.0.self_attn.q_proj", 2))
                        .with("alpha_pattern", Map.of("v_proj", 3));
        try (LoraAdapter before = accepted(check(adapter));
                LoraAdapter after = accepted(LoraFolder.checkAlone(fold(adapter)))) {
            assertThat(before.pairs()).extracting(LoraPair::scale).contains(4f, 2f, 0.75f);
            assertThat(after.pairs()).hasSameSizeAs(before.pairs());
            for (int i = 0; i < before.pairs().size(); i++) {
                same(before.pairs().get(i), after.pairs().get(i));
            }
        }
    }

    private static void same(LoraPair before, LoraPair after) {
        assertThat(after.rank()).isEqualTo(4);
        assertThat(after.scale()).isEqualTo(1);
        int in = before.a().shape().get(1).intValue();
        int out = before.b().shape().getFirst().intValue();
        for (int rank = 0; rank < 4; rank++) {
            boolean own = rank < before.rank();
            for (int i = 0; i < in; i++) {
                assertThat(after.a().get((long) rank * in + i))
                        .isEqualTo(own ? before.a().get((long) rank * in + i) : 0);
            }
            for (int o = 0; o < out; o++) {
                float expected =
                        own ? before.scale() * before.b().get((long) o * before.rank() + rank) : 0;
                assertThat(after.b().get((long) o * 4 + rank)).isEqualTo(expected);
            }
        }
    }

    private static SmallAdapter with(double alpha, float value) {
        float[] values = new float[SmallAdapter.BASE.outputSize(LinearModule.Q) * 4];
        Arrays.fill(values, 1);
        values[7] = value;
        return SmallAdapter.of(4, alpha, LinearModule.Q)
                .put(SmallAdapter.tensor(B, DType.F32, values, values.length / 4, 4));
    }

    @Test
    void whatIsBeyond32BitsIsRefused() {
        assertThatThrownBy(() -> fold(with(8, 3e38f)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(B)
                .hasMessageContaining("[1, 3]");
    }

    /** PEFT computes zeros there, and zeros are exact. */
    @Test
    void aScaleOfZeroMakesZeros() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.V)
                        .with("alpha_pattern", Map.of("v_proj", 0));
        try (LoraAdapter before = accepted(check(adapter))) {
            assertThat(before.pairs()).extracting(LoraPair::scale).contains(0f, 2f);
            assertThat(fold(adapter)).isDirectory();
        }
    }

    @Test
    void whatWouldVanishIsRefused() {
        assertThatThrownBy(() -> fold(with(1, Float.MIN_VALUE)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("vanishes in 32 bits at [1, 3]");
    }
}
