package dev.weft.inference.server.http.bridge;

import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.RequestWatch;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the vectors of a request's prompts. */
final class PooledReading implements EventReading<PooledAnswer> {
    private final SortedMap<Integer, float[]> vectors = new TreeMap<>();
    private final int promptTokens;
    private final RequestWatch timing;
    private int cachedTokens;
    private int open;

    PooledReading(CompletionRequest request, RequestWatch timing) {
        this.promptTokens =
                request.choices().prompts().stream()
                        .mapToInt(prompt -> prompt.tokens().size())
                        .sum();
        this.timing = timing;
        this.open = request.choices().count();
    }

    @Override
    public List<PooledAnswer> accept(CompletionEvent event) {
        switch (event) {
            case CompletionEvent.Prompted(int _, int cached) -> cachedTokens += cached;
            case CompletionEvent.Pooled(int choice, float[] vector) -> vectors.put(choice, vector);
            case CompletionEvent.Ended(int choice, var reason) -> {
                if (!vectors.containsKey(choice)) {
                    throw new ApiException(
                            ErrorCode.INTERNAL, "an input ended without its vector: " + reason);
                }
                timing.answered(EndReason.STOP, System.nanoTime());
                open--;
            }
            case CompletionEvent.Produced _ ->
                    throw new IllegalStateException("an answer of vectors has a token");
        }
        return open == 0 ? List.of(answer()) : List.of();
    }

    private PooledAnswer answer() {
        return new PooledAnswer(
                List.copyOf(vectors.values()), new Usage(promptTokens, cachedTokens, 0, 0));
    }

    @Override
    public boolean isLast(PooledAnswer last) {
        return true;
    }
}
