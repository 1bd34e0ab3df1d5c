package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What penalties need to know of a request's tokens; kept only if it asks for penalties. */
public final class TokenCounts {
    private final boolean needed;
    private final Set<Integer> prompt;
    private final Map<Integer, Integer> produced = new HashMap<>();

    TokenCounts(GenerationRequest request) {
        Sampling sampling = request.sampling();
        this.prompt =
                sampling.penalties().repetition() == 1 ? Set.of() : new HashSet<>(request.prompt());
        this.needed =
                sampling.penalties().repetition() != 1
                        || sampling.penalties().presence() != 0
                        || sampling.penalties().frequency() != 0;
    }

    void add(int token) {
        if (needed) {
            produced.merge(token, 1, Integer::sum);
        }
    }

    /** Tokens of the prompt, if repetition is penalised. */
    public Set<Integer> prompt() {
        return prompt;
    }

    /** Tokens of the answer and how often each came. */
    public Map<Integer, Integer> produced() {
        return produced;
    }
}
