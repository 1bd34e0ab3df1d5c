package dev.weft.inference.server.answer;

import java.util.List;

/**
 * The vectors of a request's prompts, in their order.
 *
 * @param usage its prompts' tokens; none were produced
 */
public record PooledAnswer(List<float[]> vectors, Usage usage) {
    public PooledAnswer {
        vectors = List.copyOf(vectors);
    }
}
