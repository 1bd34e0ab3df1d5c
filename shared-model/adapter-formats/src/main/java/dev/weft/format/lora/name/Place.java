package dev.weft.format.lora.name;

/** What a tensor of an adapter belongs to: a part of the base, by its name in transformers. */
public sealed interface Place permits ModulePath, Edge, NormPath, ExpertPath, StackPath {
    /** The path against which PEFT matches its patterns. */
    String text();
}
