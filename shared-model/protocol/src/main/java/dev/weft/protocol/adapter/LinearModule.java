package dev.weft.protocol.adapter;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The linear layers of a decoder block that an adapter may change. Each has two names: Hugging
 * Face's path within the layer, and TensorRT-LLM's module name.
 */
public enum LinearModule {
    Q("self_attn.q_proj", "attn_q", 1),
    K("self_attn.k_proj", "attn_k", 2),
    V("self_attn.v_proj", "attn_v", 3),
    O("self_attn.o_proj", "attn_dense", 4),
    GATE("mlp.gate_proj", "mlp_h_to_4h", 5),
    UP("mlp.up_proj", "mlp_gate", 7),
    DOWN("mlp.down_proj", "mlp_4h_to_h", 6),
    /** q, k and v as one matrix, in families whose checkpoints have them so. */
    QKV("self_attn.qkv_proj", "attn_qkv", 0),
    /** gate and up as one matrix, in families whose checkpoints have them so. */
    GATE_UP("mlp.gate_up_proj", "mlp_gate_up", 18);

    /** The modules of families that have each as a matrix of its own. */
    public static final List<LinearModule> SEPARATE = List.of(Q, K, V, O, GATE, UP, DOWN);

    private final String path;
    private final String tensorRtName;
    private final int tensorRtId;

    LinearModule(String path, String tensorRtName, int tensorRtId) {
        this.path = path;
        this.tensorRtName = tensorRtName;
        this.tensorRtId = tensorRtId;
    }

    /** Path below {@code model.layers.N}, e.g. {@code self_attn.q_proj}. */
    public String path() {
        return path;
    }

    /** Last component of the path, e.g. {@code q_proj}. */
    public String shortName() {
        return path.substring(path.indexOf('.') + 1);
    }

    /** TensorRT-LLM's name, e.g. {@code attn_q}. */
    public String tensorRtName() {
        return tensorRtName;
    }

    /** TensorRT-LLM's number in {@code lora_config}: LoraModule::ModuleType of its C++ runtime. */
    public int tensorRtId() {
        return tensorRtId;
    }

    /** Finds a module by TensorRT-LLM's number; empty for an unserved or a fused one. */
    public static Optional<LinearModule> ofTensorRtId(int id) {
        return SEPARATE.stream().filter(m -> m.tensorRtId == id).findFirst();
    }

    /** Finds a module by its short Hugging Face name, its path or its TensorRT-LLM name. */
    public static Optional<LinearModule> named(String name) {
        return Arrays.stream(values())
                .filter(m ->
                        m.shortName().equals(name)
                                || m.path.equals(name)
                                || m.tensorRtName.equals(name))
                .findFirst();
    }
}
