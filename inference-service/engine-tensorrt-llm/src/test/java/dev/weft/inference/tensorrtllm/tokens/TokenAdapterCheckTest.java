package dev.weft.inference.tensorrtllm.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TokenAdapterCheckTest {
    private static final int RANK = 4;

    /** 4 heads of 8 are 32, hidden_size is 16, as in the small models of Qwen3. */
    private static final ModelConfig WIDE_HEADS =
            ModelConfig.parse(
                    """
                    {"model_type": "qwen3", "hidden_size": 16, "num_hidden_layers": 2, "head_dim": 8,
                     "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 24,
                     "vocab_size": 70, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
                     "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu"}
                    """);

    private static final Set<LinearModule> ALL = EnumSet.copyOf(LinearModule.SEPARATE);

    @Test
    void takesWhatFits() {
        assertThatCode(() -> check(ALL, 1, pair(1, LinearModule.Q, 8))).doesNotThrowAnyException();
        assertThatCode(() -> check(ALL, 2, pair(0, LinearModule.K, 1))).doesNotThrowAnyException();
    }

    @Test
    void refusesAModuleThatTheEngineWasNotBuiltFor() {
        assertRefused(
                EnumSet.of(LinearModule.Q, LinearModule.V),
                1,
                pair(0, LinearModule.DOWN, 4),
                "changes mlp_4h_to_h, the TensorRT-LLM engine was built for --lora_target_modules"
                        + " attn_q attn_v");
    }

    /** An engine that something else built may have the module; its rows would be misread. */
    @Test
    void refusesTheOutputOfAttentionThatIsNotSquare() {
        assertRefused(
                ALL,
                1,
                pair(0, LinearModule.O, 4),
                "changes attn_dense: TensorRT-LLM takes adapters of attn_dense for matrices of"
                        + " hidden_size 16 on both sides");
    }

    @Test
    void refusesKeysAndValuesOfFewerHeadsThanGpus() {
        assertRefused(ALL, 4, pair(0, LinearModule.V, 4), "4 GPUs; this base has 2 KV heads");
    }

    @Test
    void refusesAnotherShapeALayerThatIsNotThereAndTooHighARank() {
        assertRefused(ALL, 1, pair(2, LinearModule.Q, 4), "does not fit layer 2 q_proj");
        assertRefused(ALL, 1, pair(0, LinearModule.Q, 9), "its rank is over 8");
        LoraPair narrow =
                new LoraPair(0, LinearModule.Q, 1, tensor("a", RANK, 12), tensor("b", 32, RANK));
        assertRefused(ALL, 1, narrow, "adapter tensor a [4, 12] does not fit layer 0 q_proj");
    }

    private static void assertRefused(
            Set<LinearModule> built, int gpus, LoraPair pair, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> check(built, gpus, pair))
                .withMessageContaining(message)
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_ADAPTER));
    }

    private static void check(Set<LinearModule> built, int gpus, LoraPair pair) {
        TokenModel model =
                new TokenModel(
                        WIDE_HEADS,
                        new TokenModel.Limits(8, 64, 63),
                        new EngineLimits.Lora(NpyType.FLOAT16, 8, built),
                        gpus,
                        true,
                        true,
                        null);
        LoraFacts facts =
                new LoraFacts(
                        pair.rank(),
                        pair.rank(),
                        false,
                        new TreeSet<>(Set.of(pair.module())),
                        "F32",
                        1);
        AdapterDigest digest = new AdapterDigest("0".repeat(64));
        new TokenAdapterCheck(model)
                .check(new LoraAdapter(digest, facts, List.of(pair), Arena.ofAuto()));
    }

    private static LoraPair pair(int layer, LinearModule module, int rank) {
        return new LoraPair(
                layer,
                module,
                1,
                tensor("a", rank, WIDE_HEADS.shape().inputSize(module)),
                tensor("b", WIDE_HEADS.shape().outputSize(module), rank));
    }

    private static Tensor tensor(String name, int rows, int columns) {
        return new Tensor(
                name,
                DType.F32,
                List.of((long) rows, (long) columns),
                MemorySegment.ofArray(new float[rows * columns]));
    }
}
