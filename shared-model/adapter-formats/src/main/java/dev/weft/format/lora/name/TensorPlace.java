package dev.weft.format.lora.name;

/** The part of the base that an adapter's tensor belongs to, by its name in transformers. */
public sealed interface TensorPlace permits ModulePath, Edge, NormPath, ExpertPath, StackPath {
    /** Its path in transformers' plain model; {@link DecoderNames#spelled} has an adapter's own. */
    String text();
}
