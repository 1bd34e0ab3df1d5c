package dev.weft.inference.server.completion;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What ends an answer.
 *
 * @param asked tokens that the request names
 * @param ofModel the model's own end tokens
 * @param ignoresModel whether the model's own end tokens end nothing
 * @param strings texts that the request names, none empty
 */
public record Stops(
        Set<Integer> asked, Set<Integer> ofModel, boolean ignoresModel, List<String> strings) {
    /** Only the token limit ends an answer. */
    public static final Stops NONE = new Stops(Set.of(), Set.of(), false, List.of());

    public Stops {
        asked = Set.copyOf(asked);
        ofModel = Set.copyOf(ofModel);
        strings = List.copyOf(strings);
    }

    /** All tokens that end an answer. */
    public List<Integer> tokens() {
        return ignoresModel ? List.copyOf(asked) : heldBack();
    }

    /** All tokens that {@code min_tokens} holds back; as in vLLM, ignored ones too. */
    public List<Integer> heldBack() {
        Set<Integer> all = new LinkedHashSet<>(asked);
        all.addAll(ofModel);
        return List.copyOf(all);
    }

    /**
     * Whether a token ends an answer only because the request names it. It may come anywhere in a
     * reply.
     */
    public boolean isOnlyAsked(int token) {
        return asked.contains(token) && (ignoresModel || !ofModel.contains(token));
    }
}
