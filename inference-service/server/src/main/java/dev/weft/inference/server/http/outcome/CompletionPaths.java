package dev.weft.inference.server.http.outcome;

import java.util.List;
import java.util.Set;

/** The paths that the model answers. */
public final class CompletionPaths {
    public static final String CHAT = "/v1/chat/completions";
    public static final String TEXT = "/v1/completions";

    public static final String MESSAGES = "/v1/messages";
    public static final String COUNT = "/v1/messages/count_tokens";
    public static final String RESPONSES = "/v1/responses";

    /** Answered by servers beside the worker alone: the embedded engine makes text. */
    public static final List<String> RELAYED_ONLY =
            List.of("/v1/embeddings", "/v1/rerank", "/v1/score");

    static final Set<String> ALL = Set.of(CHAT, TEXT, MESSAGES, RESPONSES);

    private CompletionPaths() {}
}
