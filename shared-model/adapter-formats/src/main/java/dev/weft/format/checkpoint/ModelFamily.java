package dev.weft.format.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** Decoder families that Weft serves, by {@code model_type} of config.json. */
public enum ModelFamily {
    LLAMA("llama"),
    MISTRAL("mistral"),
    QWEN2("qwen2"),
    QWEN3("qwen3");

    private final String modelType;

    ModelFamily(String modelType) {
        this.modelType = modelType;
    }

    public String modelType() {
        return modelType;
    }

    /** True if q, k and v projections have a bias. */
    public boolean qkvBias() {
        return this == QWEN2;
    }

    /** True if each head of q and k is normalised before RoPE. */
    public boolean qkNorm() {
        return this == QWEN3;
    }

    public static Optional<ModelFamily> of(String modelType) {
        return Arrays.stream(values()).filter(f -> f.modelType.equals(modelType)).findFirst();
    }
}
