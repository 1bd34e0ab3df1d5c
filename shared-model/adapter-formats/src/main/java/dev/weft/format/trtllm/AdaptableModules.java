package dev.weft.format.trtllm;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The modules that an engine can adapt. */
public final class AdaptableModules {
    private static final Set<LinearModule> ATTENTION_INPUT =
            EnumSet.of(LinearModule.Q, LinearModule.K, LinearModule.V);
    private static final Set<LinearModule> MLP_INPUT =
            EnumSet.of(LinearModule.GATE, LinearModule.UP);

    private AdaptableModules() {}

    /** Every module that an adapter may change in an engine of a base on that many GPUs. */
    public static Set<LinearModule> of(DecoderShape base, int gpus) {
        Set<LinearModule> all = EnumSet.copyOf(LinearModule.SEPARATE);
        all.removeIf(module -> refusal(module, base, gpus).isPresent());
        return Collections.unmodifiableSet(all);
    }

    /**
     * Why TensorRT-LLM would read an adapter's rows for a module at the wrong places, which it does
     * without an error. LoraModule::createLoraModules (cpp/tensorrt_llm/runtime/loraModule.cpp)
     * treats {@code attn_dense} as square whatever the heads are, and counts at least one head of K
     * and V on each GPU (createModelConfig in gptJsonConfig.cpp).
     */
    public static Optional<String> refusal(LinearModule module, DecoderShape base, int gpus) {
        return switch (module) {
            case O -> square(base);
            case K, V -> heads(module, base, gpus);
            case Q, GATE, UP, DOWN -> Optional.empty();
            case QKV, GATE_UP ->
                    Optional.of(
                            "adapters of %s, a fused module, are not sent to TensorRT-LLM"
                                    .formatted(module.shortName()));
        };
    }

    private static Optional<String> square(DecoderShape base) {
        int in = base.inputSize(LinearModule.O);
        return in == base.hiddenSize()
                ? Optional.empty()
                : Optional.of(
                        "TensorRT-LLM takes adapters of attn_dense for matrices of hidden_size %d on both sides; this base's takes %d heads of %d"
                                .formatted(
                                        base.hiddenSize(),
                                        base.attention().heads(),
                                        base.attention().headDim()));
    }

    private static Optional<String> heads(LinearModule module, DecoderShape base, int gpus) {
        return gpus <= base.attention().kvHeads()
                ? Optional.empty()
                : Optional.of(
                        "TensorRT-LLM takes adapters of %s for matrices with a head for each of %d GPUs; this base has %d KV heads"
                                .formatted(
                                        module.tensorRtName(), gpus, base.attention().kvHeads()));
    }

    /**
     * These modules and those that TensorRT-LLM takes only together with them: q, k and v
     * (Attention asserts it), gate and up (its gated MLP silently leaves out an adapter of only one
     * of them: fc_gate_lora in tensorrt_llm/layers/mlp.py). Adapters need not have all of them.
     */
    public static Set<LinearModule> complete(Collection<LinearModule> modules) {
        Set<LinearModule> all = EnumSet.noneOf(LinearModule.class);
        all.addAll(modules);
        for (Set<LinearModule> together : Set.of(ATTENTION_INPUT, MLP_INPUT)) {
            if (!Collections.disjoint(all, together)) {
                all.addAll(together);
            }
        }
        return Collections.unmodifiableSet(all);
    }
}
