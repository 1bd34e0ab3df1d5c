package dev.weft.inference.relay.splice;

import dev.weft.protocol.usage.TokenCount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that the events of a stream tell. While choices come, each tells its own and those of
 * its prompt; choices of one prompt have indexes beside each other. Sums are kept, so that an event
 * costs the same however many choices there are. One thread at a time.
 */
final class ChoiceCounts {
    private final int choicesOfPrompt;
    private final Map<Integer, Long> outputs = new HashMap<>();
    private final Map<Integer, Long> inputs = new HashMap<>();
    private long output;
    private long input;
    private @Nullable TokenCount whole;

    /**
     * @param choicesOfPrompt answers to each prompt, 1 or more
     */
    ChoiceCounts(int choicesOfPrompt) {
        this.choicesOfPrompt = choicesOfPrompt;
    }

    /** What a choice's event tells, of this choice and its prompt so far. */
    void tell(int choice, TokenCount now) {
        output += rise(outputs, choice, now.output());
        input += rise(inputs, choice / choicesOfPrompt, now.input());
    }

    /** Keeps the larger count of a key; returns by how much it has grown. */
    private static long rise(Map<Integer, Long> counts, int key, long now) {
        long before = counts.getOrDefault(key, 0L);
        long after = Math.max(before, now);
        counts.put(key, after);
        return after - before;
    }

    /** What the server tells of all choices at the end. */
    void tellAll(TokenCount all) {
        whole = new TokenCount(all.input(), all.output(), Math.max(1, outputs.size()));
    }

    /** The tokens told so far, of all prompts and choices; empty if none were. */
    Optional<TokenCount> told() {
        if (whole != null || outputs.isEmpty()) {
            return Optional.ofNullable(whole);
        }
        return Optional.of(new TokenCount(input, output, outputs.size()));
    }
}
