package dev.weft.format.decoder;

import java.util.List;

/** How rotary frequencies are changed for long contexts (transformers, modeling_rope_utils). */
public sealed interface RopeScaling {
    /**
     * Positions of a sequence that a model reaches with it, as vLLM counts them: files say {@code
     * max_position_embeddings} before it is stretched, and a factor.
     */
    default int reach(int positions) {
        double reached =
                switch (this) {
                    case Linear linear -> Math.max(1, linear.factor) * positions;
                    case Yarn yarn -> yarn.factor * yarn.originalMaxPositions;
                    case None _, Llama3 _, LongRope _ -> positions;
                };
        return (int) Math.max(positions, reached);
    }

    /** Frequencies stay unchanged. */
    record None() implements RopeScaling {}

    /** {@code linear}: all are divided by a factor. */
    record Linear(double factor) implements RopeScaling {}

    /**
     * {@code llama3}: by wavelength.
     *
     * @param originalMaxPositions {@code original_max_position_embeddings}
     */
    record Llama3(
            double factor,
            double lowFrequencyFactor,
            double highFrequencyFactor,
            int originalMaxPositions)
            implements RopeScaling {}

    /**
     * {@code yarn}: between divided and unchanged, along a ramp over the frequencies.
     *
     * @param low index of a frequency up to which they stay unchanged
     * @param high index from which on they are divided
     * @param originalMaxPositions {@code original_max_position_embeddings}
     */
    record Yarn(double factor, double low, double high, int originalMaxPositions)
            implements RopeScaling {}

    /**
     * {@code longrope}: each frequency is divided by a factor of its own; there are two lists, for
     * sequences up to a length and for longer ones, all of whose positions then change.
     */
    record LongRope(List<Float> shortFactors, List<Float> longFactors, int originalMaxPositions)
            implements RopeScaling {
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }
    }
}
