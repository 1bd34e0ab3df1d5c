package dev.weft.inference.server.completion;

import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.TokenConstraint;
import org.jspecify.annotations.Nullable;

/**
 * How every choice of a request is generated.
 *
 * @param sampling its seed is that of choice 0; the others' are derived
 * @param seeded whether the client gave the seed; if so, each prompt is sampled as if it were alone
 * @param stops what ends an answer
 * @param reading how tokens become a reply
 * @param topLogProbabilities -1 for none, 0 for the token's own, n for the n best too
 * @param constraints makes a constraint for each choice; null if answers may be any text
 */
public record GenerationSettings(
        Sampling sampling,
        boolean seeded,
        int minTokens,
        Stops stops,
        ReplyReading reading,
        int topLogProbabilities,
        @Nullable AnswerConstraints constraints) {
    /** Settings for answers that may be any text. */
    public GenerationSettings(
            Sampling sampling,
            boolean seeded,
            int minTokens,
            Stops stops,
            ReplyReading reading,
            int topLogProbabilities) {
        this(sampling, seeded, minTokens, stops, reading, topLogProbabilities, null);
    }

    /** Returns these settings for answers that are constrained. */
    public GenerationSettings with(AnswerConstraints each) {
        return new GenerationSettings(
                sampling, seeded, minTokens, stops, reading, topLogProbabilities, each);
    }

    /** Returns these settings for replies that are read in another way. */
    public GenerationSettings with(ReplyReading other) {
        return new GenerationSettings(
                sampling, seeded, minTokens, stops, other, topLogProbabilities, constraints);
    }

    /**
     * A constraint of its own for an answer of at most {@code maxTokens}; null if its tokens may be
     * any.
     */
    @Nullable TokenConstraint constraint(int maxTokens) {
        return constraints == null ? null : constraints.of(maxTokens);
    }

    /**
     * The sampling of one of a request's choices. Choice 0 has the request's own seed, so that n =
     * 1 and the first of n are the same. SplitMix64's increment and finaliser spread the seeds of
     * the others, so that neighbouring seeds of requests share no choices. Without a client's seed
     * no two choices of a request share one.
     */
    Sampling sampling(CompletionRequest.Choices choices, int index) {
        int choice = seeded ? index % choices.perPrompt() : index;
        if (choice == 0) {
            return sampling;
        }
        long z = sampling.seed() + choice * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return sampling.withSeed(z ^ (z >>> 31));
    }
}
