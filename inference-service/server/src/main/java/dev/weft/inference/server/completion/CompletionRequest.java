package dev.weft.inference.server.completion;

import dev.weft.inference.engine.Owner;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked request.
 *
 * @param id for logs and answers
 * @param adapter null for the base
 * @param owner whose it is
 * @param adapterDeadline time to give up waiting for the adapter
 * @param arrived {@link System#nanoTime()} when it was received
 */
public record CompletionRequest(
        String id,
        @Nullable AdapterDigest adapter,
        Owner owner,
        Choices choices,
        GenerationSettings settings,
        Deadline adapterDeadline,
        long arrived) {

    /**
     * Tokens to go on from.
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
