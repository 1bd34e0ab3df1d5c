package dev.weft.format.lora.name;

/** What a tensor of an adapter belongs to: a part of the base, by its name in transformers. */
public sealed interface Place permits ModulePath, Edge, NormPath {
    /** The path against which PEFT matches its patterns. */
    String text();
}
