package dev.weft.format.checkpoint;

/** How rotary frequencies are changed for long contexts. */
public sealed interface RopeScaling {
    /** Frequencies stay unchanged. */
    record None() implements RopeScaling {}

    /**
     * Llama 3's scaling by wavelength (transformers, modeling_rope_utils, {@code llama3}).
     *
     * @param originalMaxPositions {@code original_max_position_embeddings}
     */
    record Llama3(
            double factor,
            double lowFrequencyFactor,
            double highFrequencyFactor,
            int originalMaxPositions)
            implements RopeScaling {}
}
