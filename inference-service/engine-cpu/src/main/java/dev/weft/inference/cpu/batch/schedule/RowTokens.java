package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.GenerationRequest;
import java.util.Arrays;

/** A row's prompt and its answer so far. Owner thread only. */
final class RowTokens {
    private final int prompt;
    private int[] tokens;
    private int length;

    RowTokens(GenerationRequest request) {
        this.prompt = request.prompt().size();
        this.length = prompt;
        this.tokens =
                Arrays.copyOf(
                        request.prompt().stream().mapToInt(Integer::intValue).toArray(),
                        length + Math.min(request.ending().maxTokens(), 256));
    }

    /** The tokens, with room behind {@link #length()}; nobody else may write to it. */
    int[] array() {
        return tokens;
    }

    int get(int position) {
        return tokens[position];
    }

    int length() {
        return length;
    }

    /** Tokens of the answer. */
    int produced() {
        return length - prompt;
    }

    void add(int token, int contextLength) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(2 * length, contextLength + 1));
        }
        tokens[length++] = token;
    }
}
