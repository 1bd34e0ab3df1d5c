package dev.weft.inference.relay.splice;

import dev.weft.protocol.usage.TokenCount;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that the events of a stream tell. While choices come, each tells its own and those of
 * its prompt; choices of one prompt have indexes beside each other. One thread at a time.
 */
final class ChoiceCounts {
    private final int choicesOfPrompt;
    private final TreeMap<Integer, TokenCount> choices = new TreeMap<>();
    private @Nullable TokenCount whole;

    /**
     * @param choicesOfPrompt answers to each prompt, 1 or more
     */
    ChoiceCounts(int choicesOfPrompt) {
        this.choicesOfPrompt = choicesOfPrompt;
    }

    /** What a choice's event tells, of this choice and its prompt so far. */
    void tell(int choice, TokenCount now) {
        choices.merge(
                choice,
                now,
                (before, later) ->
                        new TokenCount(
                                Math.max(before.input(), later.input()),
                                Math.max(before.output(), later.output())));
    }

    /** What the server tells of all choices at the end. */
    void tellAll(TokenCount all) {
        whole = new TokenCount(all.input(), all.output(), Math.max(1, choices.size()));
    }

    /** The tokens told so far, of all prompts and choices; empty if none were. */
    Optional<TokenCount> told() {
        if (whole != null || choices.isEmpty()) {
            return Optional.ofNullable(whole);
        }
        TreeMap<Integer, Long> prompts = new TreeMap<>();
        choices.forEach((choice, count) ->
                prompts.merge(choice / choicesOfPrompt, count.input(), Math::max));
        return Optional.of(
                new TokenCount(
                        prompts.values().stream().mapToLong(Long::longValue).sum(),
                        choices.values().stream().mapToLong(TokenCount::output).sum(),
                        choices.size()));
    }
}
