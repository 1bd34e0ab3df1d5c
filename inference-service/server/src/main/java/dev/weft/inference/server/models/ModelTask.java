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

    /** Vectors of texts alone. */
    record Vectors(Pooling pooling) implements ModelTask {}

    /** Scores of labels alone. */
    record Labels() implements ModelTask {}
}
