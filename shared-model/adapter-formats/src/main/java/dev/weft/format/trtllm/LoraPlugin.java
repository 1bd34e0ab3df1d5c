package dev.weft.format.trtllm;

import dev.weft.format.npy.NpyType;
import java.util.Locale;

/**
 * {@code plugin_configuration.lora_plugin}: the type that an engine keeps adapters in. Weights of
 * another type are taken for none without a word (triton-inference-server/tensorrtllm_backend issue
 * 791), so that all that is sent is of this one.
 */
public enum LoraPlugin {
    FLOAT16(NpyType.FLOAT16),
    FLOAT32(NpyType.FLOAT32),
    BFLOAT16(NpyType.BFLOAT16);

    private final NpyType storage;

    LoraPlugin(NpyType storage) {
        this.storage = storage;
    }

    /** As the file spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same type as arrays of weights have it. */
    public NpyType storage() {
        return storage;
    }
}
