package dev.weft.model.trtllm;

import dev.weft.model.checkpoint.LinearModule;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The modules that an engine is built to adapt. */
public final class AdaptableModules {
    private static final Set<LinearModule> ATTENTION_INPUT =
            EnumSet.of(LinearModule.Q, LinearModule.K, LinearModule.V);
    private static final Set<LinearModule> MLP_INPUT =
            EnumSet.of(LinearModule.GATE, LinearModule.UP);

    private AdaptableModules() {}

    /** Every module that an adapter may change. */
    public static Set<LinearModule> all() {
        return complete(EnumSet.allOf(LinearModule.class));
    }

    /**
     * These modules and those that TensorRT-LLM takes only together with them: q, k and v
     * (Attention asserts it), gate and up (its gated MLP leaves out an adapter of one of them
     * alone, without a word: fc_gate_lora in tensorrt_llm/layers/mlp.py). Adapters need not have
     * all of them.
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
