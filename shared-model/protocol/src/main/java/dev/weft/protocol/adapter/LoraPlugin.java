package dev.weft.protocol.adapter;

import java.util.Locale;

/**
 * {@code plugin_configuration.lora_plugin}: the type in which a TensorRT-LLM engine keeps adapters.
 * It silently ignores weights of another type (triton-inference-server/tensorrtllm_backend issue
 * 791), so only weights of this type are sent.
 */
public enum LoraPlugin {
    FLOAT16,
    FLOAT32,
    BFLOAT16;

    /** The spelling of the file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
