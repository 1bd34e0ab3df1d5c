package dev.weft.format.pooling;

/**
 * How the final hidden states of a text's tokens become its vector.
 *
 * @param normalized whether the vector is divided by its length
 */
public record Pooling(Mode mode, boolean normalized) {
    /** What vLLM takes for a decoder of which nothing says more. */
    public static final Pooling DEFAULT = new Pooling(Mode.LAST, true);

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
