package dev.weft.standalone.bench.run;

import org.jspecify.annotations.Nullable;

/**
 * What prompts should be.
 *
 * @param kind what was asked for
 * @param low smallest token id
 * @param high the first id above; null to find one
 * @param shared tokens that all prompts begin with
 */
public record PromptForm(Kind kind, int low, @Nullable Integer high, int shared, long seed) {
    /** AUTO: token ids where a server takes them, else words. */
    public enum Kind {
        AUTO,
        TOKENS,
        TEXT
    }
}
