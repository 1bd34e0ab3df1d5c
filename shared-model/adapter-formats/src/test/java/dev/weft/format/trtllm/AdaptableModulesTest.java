package dev.weft.format.trtllm;

import static dev.weft.protocol.adapter.LinearModule.DOWN;
import static dev.weft.protocol.adapter.LinearModule.GATE;
import static dev.weft.protocol.adapter.LinearModule.K;
import static dev.weft.protocol.adapter.LinearModule.O;
import static dev.weft.protocol.adapter.LinearModule.Q;
import static dev.weft.protocol.adapter.LinearModule.UP;
import static dev.weft.protocol.adapter.LinearModule.V;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdaptableModulesTest {
    /** Qwen3-0.6B: 16 heads of 128 are 2048, hidden_size is 1024. */
    private static final DecoderShape WIDE_HEADS = base(1024, 16, 8, 3072);

    /** Qwen2.5-1.5B: 12 heads of 128 are hidden_size, 2 KV heads. */
    private static final DecoderShape SQUARE = base(1536, 12, 2, 8960);

    @Test
    void everyModuleOfABaseWhoseHeadsAreAsWideAsItsHiddenState() {
        assertThat(AdaptableModules.of(SQUARE, 1)).containsExactlyElementsOf(LinearModule.SEPARATE);
        assertThat(AdaptableModules.of(SQUARE, 2)).containsExactlyElementsOf(LinearModule.SEPARATE);
    }

    @Test
    void notTheOutputOfAttentionWhereItIsNotSquare() {
        assertThat(AdaptableModules.of(WIDE_HEADS, 1)).containsExactly(Q, K, V, GATE, UP, DOWN);
        assertThat(AdaptableModules.refusal(O, WIDE_HEADS, 1))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .contains("attn_dense", "hidden_size 1024", "16 heads of 128"));
    }

    @Test
    void notKeysAndValuesWhereGpusOutnumberTheirHeads() {
        assertThat(AdaptableModules.of(SQUARE, 4)).containsExactly(Q, O, GATE, UP, DOWN);
        assertThat(AdaptableModules.refusal(K, SQUARE, 4))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("attn_k", "each of 4 GPUs", "2 KV heads"));
    }

    @Test
    void thoseThatTensorRtLlmTakesTogetherOnly() {
        assertThat(AdaptableModules.complete(Set.of(V))).containsExactly(Q, K, V);
        assertThat(AdaptableModules.complete(Set.of(UP, O))).containsExactly(O, GATE, UP);
        assertThat(AdaptableModules.complete(Set.of(DOWN))).containsExactly(DOWN);
    }

    private static DecoderShape base(int hidden, int heads, int kvHeads, int intermediate) {
        return new DecoderShape(
                28, hidden, new DecoderShape.HeadCounts(heads, kvHeads, 128), intermediate);
    }
}
