package dev.weft.format.trtllm;

import dev.weft.format.npy.NpyType;
import java.util.Locale;

/**
 * {@code plugin_configuration.lora_plugin}: the type in which an engine keeps adapters. It silently
 * ignores weights of another type (triton-inference-server/tensorrtllm_backend issue 791), so only
 * weights of this type are sent.
 */
public enum LoraPlugin {
    FLOAT16(NpyType.FLOAT16),
    FLOAT32(NpyType.FLOAT32),
    BFLOAT16(NpyType.BFLOAT16);

    private final NpyType storage;

    LoraPlugin(NpyType storage) {
        this.storage = storage;
    }

    /** The spelling of the file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same type for arrays of weights. */
    public NpyType storage() {
        return storage;
    }
}
