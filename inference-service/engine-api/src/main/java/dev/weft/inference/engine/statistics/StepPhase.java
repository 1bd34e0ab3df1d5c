package dev.weft.inference.engine.statistics;

/** The phases that a step's time goes into. */
public enum StepPhase {
    /** The base's linear layers, the head included. */
    LINEAR,
    /** The adapters' part of the linear layers. */
    LORA,
    ATTENTION,
    /** Choosing tokens from logits. */
    SAMPLE,
    /** Embedding, norms, rotations, activations; planning and telling the listeners. */
    OTHER
}
