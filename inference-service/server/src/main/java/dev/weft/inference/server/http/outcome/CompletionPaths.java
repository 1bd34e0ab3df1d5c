package dev.weft.inference.server.http.outcome;

import java.util.Set;

/** The paths that the model answers. */
public final class CompletionPaths {
    public static final String CHAT = "/v1/chat/completions";
    public static final String TEXT = "/v1/completions";

    public static final String MESSAGES = "/v1/messages";
    public static final String COUNT = "/v1/messages/count_tokens";
    public static final String RESPONSES = "/v1/responses";

    public static final String EMBEDDINGS = "/v1/embeddings";
    public static final String RERANK = "/v1/rerank";
    public static final String SCORE = "/v1/score";

    /** The embedded engine's alone: servers beside the worker have it elsewhere, or not at all. */
    public static final String CLASSIFY = "/v1/classify";

    static final Set<String> ALL =
            Set.of(CHAT, TEXT, MESSAGES, RESPONSES, EMBEDDINGS, RERANK, SCORE, CLASSIFY);

    private CompletionPaths() {}
}
