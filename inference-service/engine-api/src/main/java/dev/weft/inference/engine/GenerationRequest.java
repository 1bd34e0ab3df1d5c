package dev.weft.inference.engine;

import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to generate, or what vector to make of a prompt.
 *
 * @param id for logs
 * @param adapter null for the base
 * @param prompt token ids, at least one
 * @param selection how each token is chosen
 * @param owner the owner of the request
 * @param pooled the vector that the request wants instead of tokens; null for tokens
 */
public record GenerationRequest(
        String id,
        @Nullable AdapterDigest adapter,
        List<Integer> prompt,
        Ending ending,
        Selection selection,
        Owner owner,
        @Nullable PooledOutput pooled) {
    /**
     * How each token is chosen, and which log-probabilities are reported.
     *
     * @param topLogProbabilities -1 for none, 0 for the token's own, n for the n best too
     * @param constraint decides which tokens may come; null for any. It belongs to this request
     *     alone, and to the engine once the engine has started the request
     */
    public record Selection(
            Sampling sampling, int topLogProbabilities, @Nullable TokenConstraint constraint) {}

    /**
     * When the answer ends.
     *
     * @param maxTokens tokens to produce at most, at least 1; prompt + maxTokens may exceed the
     *     context, then the context limit ends the generation with LENGTH
     * @param minTokens tokens to produce before a token of {@code heldBack} may come
     * @param stopTokens tokens that end the generation, the model's end tokens included unless the
     *     client wants to ignore them
     * @param heldBack the tokens that {@code minTokens} holds back: the stop tokens, and end tokens
     *     of the model that are ignored
     */
    public record Ending(
            int maxTokens, int minTokens, List<Integer> stopTokens, List<Integer> heldBack) {
        public Ending {
            stopTokens = List.copyOf(stopTokens);
            heldBack = List.copyOf(heldBack);
            if (maxTokens < 1) {
                throw new IllegalArgumentException("maxTokens " + maxTokens + ": at least 1");
            }
            if (minTokens < 0 || minTokens > maxTokens) {
                throw new IllegalArgumentException(
                        "minTokens " + minTokens + ": 0 to " + maxTokens);
            }
        }

        /** An ending that ignores no end token of the model. */
        public Ending(int maxTokens, int minTokens, List<Integer> stopTokens) {
            this(maxTokens, minTokens, stopTokens, stopTokens);
        }

        /** Ends after so many tokens. */
        public static Ending after(int tokens) {
            return new Ending(tokens, 0, List.of());
        }
    }

    /** A request for tokens. */
    public GenerationRequest(
            String id,
            @Nullable AdapterDigest adapter,
            List<Integer> prompt,
            Ending ending,
            Selection selection,
            Owner owner) {
        this(id, adapter, prompt, ending, selection, owner, null);
    }

    /** A request for one vector; its prompt may be as long as the context. */
    public static GenerationRequest pooled(
            String id,
            @Nullable AdapterDigest adapter,
            List<Integer> prompt,
            PooledOutput output,
            Owner owner) {
        return new GenerationRequest(
                id,
                adapter,
                prompt,
                Ending.after(1),
                new Selection(Sampling.greedy(), -1, null),
                owner,
                output);
    }

    /** A request without a constraint. */
    public GenerationRequest(
            String id,
            @Nullable AdapterDigest adapter,
            List<Integer> prompt,
            Ending ending,
            Sampling sampling,
            int topLogProbabilities,
            Owner owner) {
        this(
                id,
                adapter,
                prompt,
                ending,
                new Selection(sampling, topLogProbabilities, null),
                owner);
    }

    /** A request without an owner and without a constraint. */
    public GenerationRequest(
            String id,
            @Nullable AdapterDigest adapter,
            List<Integer> prompt,
            Ending ending,
            Sampling sampling,
            int topLogProbabilities) {
        this(id, adapter, prompt, ending, sampling, topLogProbabilities, Owner.NOBODY);
    }

    public GenerationRequest {
        prompt = List.copyOf(prompt);
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("prompt is empty");
        }
    }

    public Sampling sampling() {
        return selection.sampling();
    }

    /** -1 for none, 0 for the token's own, n for the n best too. */
    public int topLogProbabilities() {
        return selection.topLogProbabilities();
    }

    /** The constraint that decides which tokens may come; null for any. */
    public @Nullable TokenConstraint constraint() {
        return selection.constraint();
    }
}
