package dev.weft.standalone.bench.run;

import org.jspecify.annotations.Nullable;

/**
 * The form of prompts.
 *
 * @param kind the requested kind
 * @param low smallest token id
 * @param high the first id above; null to find one
 * @param shared tokens that all prompts begin with
 */
public record PromptForm(Kind kind, int low, @Nullable Integer high, int shared, long seed) {
    /** The kinds of prompts. AUTO means token ids if a server takes them, else words. */
    public enum Kind {
        AUTO,
        TOKENS,
        TEXT
    }
}
