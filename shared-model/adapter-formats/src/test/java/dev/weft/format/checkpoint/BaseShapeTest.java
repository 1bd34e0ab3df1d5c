package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.safetensors.SafetensorsException;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names are those of public checkpoints, the sizes smaller. */
class BaseShapeTest {
    @TempDir private Path folder;

    private BaseShape shown(HeadFile head) throws IOException {
        head.write(folder.resolve("model.safetensors.head"));
        return BaseShape.ofWeights(folder);
    }

    @Test
    void findsTheDecoderOfAWrapperBesideItsTower() throws IOException {
        HeadFile gemma = new HeadFile().decoder("language_model.model.", 2);
        for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
            gemma.matrix(
                    "vision_tower.vision_model.encoder.layers.0.self_attn." + name + ".weight",
                    40,
                    40);
        }
        BaseShape shape = shown(gemma);
        assertThat(shape.prefix()).isEqualTo("language_model.model.");
        DecoderShape decoder = shape.decoder();
        assertThat(decoder.layers()).isEqualTo(2);
        assertThat(decoder.hiddenSize()).isEqualTo(12);
        assertThat(decoder.allModules()).isEqualTo(LinearModule.SEPARATE);
        assertThat(decoder.outputSize(LinearModule.Q)).isEqualTo(20);
        assertThat(decoder.outputSize(LinearModule.V)).isEqualTo(10);
        assertThat(decoder.inputSize(LinearModule.O)).isEqualTo(20);
        assertThat(decoder.inputSize(LinearModule.DOWN)).isEqualTo(18);
    }

    /** As in Qwen2-VL: the decoder has the plain names, and the tower stands beside it. */
    @Test
    void takesADecoderThatIsCalledAsAWholeModelIs() throws IOException {
        HeadFile qwen = new HeadFile().decoder("model.", 3);
        qwen.matrix("visual.blocks.0.attn.qkv.weight", 36, 12);
        assertThat(shown(qwen).prefix()).isEqualTo("model.");
        assertThat(BaseShape.ofWeights(folder).decoder().layers()).isEqualTo(3);
    }

    /** As in Llama 4 and DeepSeek: experts in one tensor, and modules of other names. */
    @Test
    void countsNeitherFusedExpertsNorOtherModules() throws IOException {
        HeadFile experts = new HeadFile().embedding("model.");
        for (int layer = 0; layer < 2; layer++) {
            String name = "model.layers." + layer + ".";
            experts.matrix(name + "self_attn.q_a_proj.weight", 6, 12)
                    .matrix(name + "self_attn.o_proj.weight", 12, 20)
                    .tensor(name + "mlp.experts.gate_up_proj", "BF16", 4, 12, 36)
                    .matrix(name + "mlp.shared_expert.gate_proj.weight", 18, 12);
        }
        experts.matrix("model.layers.0.mlp.gate_proj.weight", 30, 12);
        DecoderShape decoder = shown(experts).decoder();
        assertThat(decoder.modules())
                .containsExactly(
                        List.of(LinearModule.O, LinearModule.GATE), List.of(LinearModule.O));
        assertThat(decoder.inputSize(LinearModule.O)).isEqualTo(20);
        assertThat(decoder.outputSize(LinearModule.GATE)).isEqualTo(30);
    }

    /** Attention has biases and sinks; experts are blocks of packed numbers. */
    @Test
    void takesTheAttentionOfGptOss() throws IOException {
        HeadFile oss = new HeadFile().embedding("model.");
        for (int layer = 0; layer < 2; layer++) {
            String name = "model.layers." + layer + ".";
            oss.matrix(name + "self_attn.q_proj.weight", 20, 12)
                    .matrix(name + "self_attn.k_proj.weight", 10, 12)
                    .matrix(name + "self_attn.v_proj.weight", 10, 12)
                    .matrix(name + "self_attn.o_proj.weight", 12, 20)
                    .tensor(name + "self_attn.q_proj.bias", "BF16", 20)
                    .tensor(name + "self_attn.sinks", "BF16", 2)
                    .matrix(name + "mlp.router.weight", 4, 12)
                    .tensor(name + "mlp.experts.gate_up_proj_blocks", "U8", 4, 36, 1, 6)
                    .tensor(name + "mlp.experts.gate_up_proj_scales", "U8", 4, 36, 1)
                    .tensor(name + "mlp.experts.down_proj_bias", "BF16", 4, 12);
        }
        DecoderShape decoder = shown(oss).decoder();
        assertThat(decoder.allModules())
                .containsExactly(LinearModule.Q, LinearModule.K, LinearModule.V, LinearModule.O);
        assertThat(decoder.outputSize(LinearModule.K)).isEqualTo(10);
    }

    /**
     * As in Qwen3.5: queries and their gates are one matrix, twice as high as the output is wide.
     */
    @Test
    void gatedAttentionHasSizesOfItsOwn() throws IOException {
        HeadFile gated = new HeadFile().decoder("model.", 2);
        for (int layer = 0; layer < 2; layer++) {
            gated.matrix("model.layers." + layer + ".self_attn.q_proj.weight", 40, 12);
        }
        DecoderShape decoder = shown(gated).decoder();
        assertThat(decoder.modules()).containsExactly(LinearModule.SEPARATE, LinearModule.SEPARATE);
        assertThat(decoder.outputSize(LinearModule.Q)).isEqualTo(40);
        assertThat(decoder.inputSize(LinearModule.O)).isEqualTo(20);
    }

    /** As in DeepSeek-V2-Lite: heads of queries are wider than those of values. */
    @Test
    void latentAttentionHasAnOutputOfItsOwn() throws IOException {
        HeadFile latent = new HeadFile().embedding("model.");
        for (int layer = 0; layer < 2; layer++) {
            String name = "model.layers." + layer + ".self_attn.";
            latent.matrix(name + "q_proj.weight", 24, 12)
                    .matrix(name + "kv_b_proj.weight", 32, 8)
                    .matrix(name + "o_proj.weight", 12, 16);
        }
        DecoderShape decoder = shown(latent).decoder();
        assertThat(decoder.has(1, LinearModule.Q)).isTrue();
        assertThat(decoder.has(1, LinearModule.O)).isTrue();
        assertThat(decoder.inputSize(LinearModule.O)).isEqualTo(16);
    }

    @Test
    void aMatrixOfAnotherSizeThanItsLikesDoesNotCount() throws IOException {
        HeadFile odd = new HeadFile().decoder("model.", 2);
        odd.matrix("model.layers.1.mlp.down_proj.weight", 12, 19);
        DecoderShape decoder = shown(odd).decoder();
        assertThat(decoder.has(0, LinearModule.DOWN)).isTrue();
        assertThat(decoder.has(1, LinearModule.DOWN)).isFalse();
    }

    @Test
    void aMatrixInAPackedTypeDoesNotCount() throws IOException {
        HeadFile packed = new HeadFile().decoder("model.", 1);
        packed.tensor("model.layers.0.self_attn.q_proj.weight", "U8", 20, 6);
        packed.tensor("model.layers.0.self_attn.o_proj.weight", "F8_E4M3", 12, 20);
        DecoderShape decoder = shown(packed).decoder();
        assertThat(decoder.has(0, LinearModule.Q)).isFalse();
        assertThat(decoder.has(0, LinearModule.O)).isTrue();
    }

    @Test
    void fusedMatricesAreFound() throws IOException {
        HeadFile fused = new HeadFile().embedding("model.");
        fused.matrix("model.layers.0.self_attn.qkv_proj.weight", 40, 12)
                .matrix("model.layers.0.self_attn.o_proj.weight", 12, 20)
                .matrix("model.layers.0.mlp.gate_up_proj.weight", 36, 12)
                .matrix("model.layers.0.mlp.down_proj.weight", 12, 18);
        DecoderShape decoder = shown(fused).decoder();
        assertThat(decoder.allModules())
                .containsExactly(
                        LinearModule.O, LinearModule.DOWN, LinearModule.QKV, LinearModule.GATE_UP);
        assertThat(decoder.outputSize(LinearModule.QKV)).isEqualTo(40);
        assertThat(decoder.outputSize(LinearModule.GATE_UP)).isEqualTo(36);
    }

    @Test
    void whatShowsNoDecoderOrSeveralSaysSo() throws IOException {
        assertThatThrownBy(() -> BaseShape.ofWeights(folder))
                .hasMessageContaining("no safetensors");
        assertThatThrownBy(() -> shown(new HeadFile().matrix("fc.weight", 2, 2)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no decoder");
        HeadFile two = new HeadFile().decoder("thinker.model.", 1).decoder("talker.model.", 1);
        assertThatThrownBy(() -> shown(two))
                .hasMessageContaining("several decoders")
                .hasMessageContaining("[talker.model., thinker.model.]");
        assertThatThrownBy(() ->
                        shown(
                                new HeadFile()
                                        .embedding("model.")
                                        .tensor("model.layers.0.x.qweight", "I32", 2, 2)))
                .hasMessageContaining("no matrix of [q_proj");
        assertThatThrownBy(() ->
                        shown(
                                new HeadFile()
                                        .tensor("model.embed_tokens.weight", "BF16", 1L << 40, 12)
                                        .matrix("model.layers.0.self_attn.q_proj.weight", 2, 2)))
                .hasMessageContaining("allowed are two sizes");
    }

    @Test
    void aBrokenHeadIsNamed() throws IOException {
        Path head = folder.resolve("model-00001-of-00002.safetensors");
        Files.write(head, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'});
        assertThatThrownBy(() -> BaseShape.ofWeights(folder))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("model-00001-of-00002.safetensors: ends within its header");
        Files.write(head, new byte[] {0, 0, 0, 0, 0, 0, 0, 127});
        assertThatThrownBy(() -> BaseShape.ofWeights(folder)).hasMessageContaining("is not read");
    }

    @Test
    void aQuantizedCheckpointOfADescribedFamilyHasItsShape() {
        String json =
                """
                {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2,
                "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128,
                "vocab_size": 300, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
                "quantization_config": {"quant_method": "awq"}}
                """;
        assertThat(BaseShape.ofConfig(json).decoder().outputSize(LinearModule.K)).isEqualTo(32);
        assertThatThrownBy(() -> BaseShape.ofConfig("{\"model_type\": \"gemma3\"}"))
                .isInstanceOf(CheckpointException.class);
    }
}
