package dev.weft.format.trtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.decoder.RopeScaling;
import dev.weft.format.quantised.Quantisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The bases that Weft knows to be converted by NVIDIA's scripts; all others are refused. */
public final class ConvertibleBase {
    private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3");

    private ConvertibleBase() {}

    /** Why no engine can be built of a base, a sentence each; empty if one can. */
    public static List<String> faults(ModelConfig base) {
        List<String> faults = new ArrayList<>();
        if (!FAMILIES.contains(base.family())) {
            faults.add(
                    "the base's model_type "
                            + base.family()
                            + " is served by the embedded engine only; TensorRT-LLM's converters"
                            + " are known for llama, mistral, qwen2 and qwen3");
            return faults;
        }
        if (!(base.quantisation() instanceof Quantisation.None)) {
            faults.add(
                    "the base's quantization_config is served by the embedded engine only; build"
                            + " TensorRT-LLM's engine of the checkpoint before it was quantised");
        }
        BlockPlan block = base.plan().blocks().getFirst();
        AttentionPlan.Biases biases = block.attention().biases();
        boolean qwen2 = base.family().equals("qwen2");
        if (biases.output() || biases.input() != qwen2) {
            faults.add("the base's attention_bias is served by the embedded engine only");
        }
        if (block.feedForward() instanceof Dense dense
                && (dense.biases() || dense.activation() != Dense.Activation.SILU)) {
            faults.add("the base's mlp_bias or hidden_act is served by the embedded engine only");
        }
        for (RopePlan rope : base.plan().ropes()) {
            switch (rope.scaling()) {
                case RopeScaling.None _, RopeScaling.Llama3 _ -> {}
                case RopeScaling.Linear _, RopeScaling.Yarn _, RopeScaling.LongRope _ ->
                        faults.add(
                                "the base's rope scaling "
                                        + rope.scaling()
                                        + " is served by the embedded engine only");
            }
        }
        return faults;
    }

    /** Most positions at which windows make no difference: TensorRT-LLM's engines are for these. */
    public static int contextLength(ModelConfig base) {
        return base.plan().blocks().stream()
                .mapToInt(block -> block.attention().scores().window())
                .filter(window -> window > 0)
                .reduce(base.contextLength(), Math::min);
    }
}
