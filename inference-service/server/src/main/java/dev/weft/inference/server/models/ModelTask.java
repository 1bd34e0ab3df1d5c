package dev.weft.inference.server.models;

import dev.weft.format.pooling.Pooling;
import org.jspecify.annotations.Nullable;

/** The kinds of answers that a model can be asked for. */
public sealed interface ModelTask {
    /**
     * Text.
     *
     * @param pooling how it makes vectors too; null if it doesn't
     * @param whyNoVectors why it doesn't, in words
     */
    record Text(@Nullable Pooling pooling, String whyNoVectors) implements ModelTask {}

    /**
     * Vectors of texts alone.
     *
     * @param pooling how it makes them; null if it would pool as its base, in a way that is not
     *     served
     * @param whyNot why it makes none, in words; empty if it does
     */
    record Vectors(@Nullable Pooling pooling, String whyNot) implements ModelTask {}

    /** Scores of labels alone. */
    record Labels() implements ModelTask {}
}
