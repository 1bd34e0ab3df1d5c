package dev.weft.inference.server.completion;

import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked request.
 *
 * @param id for logs and answers
 * @param adapter null for the base
 * @param owner whose request it is
 * @param pooled the vector that is made of each prompt instead of tokens; null for tokens
 */
public record CompletionRequest(
        String id,
        @Nullable AdapterDigest adapter,
        Owner owner,
        Choices choices,
        GenerationSettings settings,
        Timing timing,
        @Nullable PooledOutput pooled) {
    /** The settings of a request for vectors, for which no token is chosen. */
    private static final GenerationSettings NOTHING =
            new GenerationSettings(
                    Sampling.greedy(), false, 0, Stops.NONE, ReplyReading.text(true), -1);

    /** A request for tokens. */
    public CompletionRequest(
            String id,
            @Nullable AdapterDigest adapter,
            Owner owner,
            Choices choices,
            GenerationSettings settings,
            Timing timing) {
        this(id, adapter, owner, choices, settings, timing, null);
    }

    /** A request for a vector of each prompt. */
    public static CompletionRequest pooled(
            String id,
            @Nullable AdapterDigest adapter,
            Owner owner,
            List<List<Integer>> prompts,
            PooledOutput output,
            Timing timing) {
        List<Prompt> each = prompts.stream().map(tokens -> new Prompt(tokens, 1)).toList();
        return new CompletionRequest(
                id, adapter, owner, new Choices(each, 1), NOTHING, timing, output);
    }

    /**
     * When the request came, and how long it waits for its adapter.
     *
     * @param arrived {@link System#nanoTime()} when it was received
     * @param adapterDeadline time to give up waiting for the adapter
     */
    public record Timing(long arrived, Deadline adapterDeadline) {}

    /**
     * A prompt's tokens, and how many may follow them.
     *
     * @param maxTokens tokens to produce at most; fits the context together with the prompt
     */
    public record Prompt(List<Integer> tokens, int maxTokens) {
        public Prompt {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * What is to be produced. Choices are numbered as OpenAI does: those of the first prompt first.
     *
     * @param prompts at least one
     * @param perPrompt {@code n}
     */
    public record Choices(List<Prompt> prompts, int perPrompt) {
        public Choices {
            prompts = List.copyOf(prompts);
            if (prompts.isEmpty() || perPrompt < 1) {
                throw new IllegalArgumentException(
                        prompts.size() + " prompts with " + perPrompt + " choices each");
            }
        }

        /** Number of generations. */
        public int count() {
            return prompts.size() * perPrompt;
        }

        /** The prompt that a choice goes on from. */
        public Prompt promptOf(int choice) {
            return prompts.get(choice / perPrompt);
        }
    }
}
