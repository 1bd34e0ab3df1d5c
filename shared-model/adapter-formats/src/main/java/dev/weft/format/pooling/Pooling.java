package dev.weft.format.pooling;

import java.util.OptionalInt;

/**
 * How the final hidden states of a text's tokens become its vector.
 *
 * @param normalized whether the vector is divided by its length
 * @param longest most tokens of a text, as its model was trained; empty for the base's context
 */
public record Pooling(Mode mode, boolean normalized, OptionalInt longest) {
    /** vLLM's default for a decoder. */
    public static final Pooling DEFAULT = new Pooling(Mode.LAST, true);

    public Pooling {
        if (longest.isPresent() && longest.getAsInt() < 1) {
            throw new IllegalArgumentException("texts of " + longest.getAsInt() + " tokens");
        }
    }

    /** For texts as long as the context. */
    public Pooling(Mode mode, boolean normalized) {
        this(mode, normalized, OptionalInt.empty());
    }

    /** The hidden states that count. */
    public enum Mode {
        /** The last token's. */
        LAST("last"),
        /** The mean of all. */
        MEAN("mean");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** The word that adapter_config.json has for it. */
        public String word() {
            return word;
        }
    }
}
