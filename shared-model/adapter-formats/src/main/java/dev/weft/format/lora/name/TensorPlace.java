package dev.weft.format.lora.name;

/** What a tensor of an adapter belongs to: a part of the base, by its name in transformers. */
public sealed interface TensorPlace permits ModulePath, Edge, NormPath, ExpertPath, StackPath {
    /** Its path in transformers' plain model; {@link DecoderNames#spelled} has an adapter's own. */
    String text();
}
