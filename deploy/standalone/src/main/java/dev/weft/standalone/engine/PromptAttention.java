package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.truss.TensorRtSettings.Build;
import dev.weft.deployment.truss.TensorRtSettings.QuantizationType;
import dev.weft.protocol.adapter.LoraPlugin;
import java.util.Optional;

/**
 * Attention over prompts in an engine, and whether it can read the KV cache. Prompts in pieces and
 * prefixes found in the cache need this.
 *
 * @param obstacle why it can't read the cache; empty if it can
 * @param readsCache whether it reads the cache
 * @param fp8 whether it computes in fp8
 */
record PromptAttention(Optional<String> obstacle, boolean readsCache, boolean fp8) {
    /**
     * The attention of the engine that a deployment asks for.
     *
     * <p>In float32 AttentionOp falls back to kernels that read no cache, whatever the engine was
     * built for, without an error (cpp/tensorrt_llm/common/attentionOp.cpp). For an int8 cache
     * trtllm-build refuses paged context attention. For an fp8 cache it turns fp8 attention on if
     * paged context attention is on (tensorrt_llm/builder.py).
     */
    static PromptAttention of(Deployment deployment) {
        Build build = deployment.tensorRt().build();
        Optional<String> obstacle =
                obstacle(deployment.lora().plugin(), build.quantization().type());
        boolean readsCache = build.attention().usePagedContextFmha() && obstacle.isEmpty();
        boolean fp8Cache = build.quantization().type() == QuantizationType.FP8_KV;
        return new PromptAttention(
                obstacle,
                readsCache,
                build.attention().useFp8ContextFmha() || (readsCache && fp8Cache));
    }

    private static Optional<String> obstacle(LoraPlugin type, QuantizationType quantization) {
        if (type == LoraPlugin.FLOAT32) {
            return Optional.of(
                    "TensorRT-LLM's attention over prompts reads no KV cache in float32");
        }
        return switch (quantization) {
            case WEIGHTS_KV_INT8, WEIGHTS_INT4_KV_INT8 ->
                    Optional.of("TensorRT-LLM's attention over prompts reads no KV cache of int8");
            case NO_QUANT,
                    WEIGHTS_INT8,
                    WEIGHTS_INT4,
                    SMOOTH_QUANT,
                    FP8,
                    FP8_KV,
                    FP4,
                    FP4_KV,
                    FP4_MLP_ONLY ->
                    Optional.empty();
        };
    }
}
