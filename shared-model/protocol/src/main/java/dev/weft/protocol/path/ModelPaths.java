package dev.weft.protocol.path;

import java.util.List;
import java.util.Set;

/** The paths that models answer. */
public final class ModelPaths {
    public static final String CHAT = "/v1/chat/completions";
    public static final String TEXT = "/v1/completions";

    public static final String MESSAGES = "/v1/messages";

    /** Counts a prompt's tokens; no model runs. */
    public static final String COUNT = "/v1/messages/count_tokens";

    public static final String RESPONSES = "/v1/responses";

    public static final String EMBEDDINGS = "/v1/embeddings";
    public static final String RERANK = "/v1/rerank";
    public static final String SCORE = "/v1/score";

    /** The embedded engine's alone: servers beside the worker have it elsewhere, or not at all. */
    public static final String CLASSIFY = "/v1/classify";

    /** All paths that a gateway forwards. */
    public static final List<String> ALL =
            List.of(CHAT, TEXT, MESSAGES, COUNT, RESPONSES, EMBEDDINGS, RERANK, SCORE, CLASSIFY);

    /** The paths whose answers are texts. */
    public static final Set<String> TEXTS = Set.of(CHAT, TEXT, MESSAGES, RESPONSES);

    private ModelPaths() {}
}
