package dev.weft.inference.tensorrtllm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextContractTest {
    /** 4 heads of 8 are 32, hidden_size is 16. */
    private static final ModelConfig WIDE_HEADS =
            ModelConfig.parse(
                    """
                    {"model_type": "qwen3", "hidden_size": 16, "num_hidden_layers": 2, "head_dim": 8,
                     "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 24,
                     "vocab_size": 70, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
                     "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu"}
                    """);

    private static final class NoCodec implements TextCodec {
        @Override
        public List<Integer> encode(String text, boolean special) {
            throw new AssertionError("no text is needed");
        }

        @Override
        public String decode(List<Integer> tokens) {
            throw new AssertionError("no text is needed");
        }

        @Override
        public void close() {}
    }

    @TempDir private Path folder;

    /** Its cache of adapters is the same code as that of the engines. */
    @Test
    void refusesWhatTensorRtLlmWouldMisread() {
        TextContract contract = contract();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> contract.convert(adapter(LinearModule.O)))
                .withMessageContaining("changes o_proj: TensorRT-LLM takes adapters of attn_dense")
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_ADAPTER));
        assertThat(folder).isEmptyDirectory();

        try (PeftFolder written = contract.convert(adapter(LinearModule.Q))) {
            assertThat(written.folder()).isDirectoryContaining("glob:**/adapter_config.json");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private TextContract contract() {
        TextModel model = new TextModel(WIDE_HEADS, 64, 8, true, true, Set.of(0));
        return new TextContract(model, new NoCodec(), folder);
    }

    private static LoraAdapter adapter(LinearModule module) {
        LoraPair pair =
                new LoraPair(
                        0,
                        module,
                        1,
                        tensor("a", 4, WIDE_HEADS.shape().inputSize(module)),
                        tensor("b", WIDE_HEADS.shape().outputSize(module), 4));
        return new LoraAdapter(
                new AdapterDigest("0".repeat(64)),
                new LoraFacts(4, 4, false, new TreeSet<>(Set.of(module)), "F32", 1),
                List.of(pair),
                Arena.ofAuto());
    }

    private static Tensor tensor(String name, int rows, int columns) {
        return new Tensor(
                name,
                DType.F32,
                List.of((long) rows, (long) columns),
                MemorySegment.ofArray(new float[rows * columns]));
    }
}
