package dev.weft.format.lora.name;

/** A norm, e.g. {@code model.norm} or {@code model.layers.0.input_layernorm}. */
public record NormPath(String text) implements TensorPlace {}
