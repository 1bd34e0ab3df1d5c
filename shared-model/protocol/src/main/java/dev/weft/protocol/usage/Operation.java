package dev.weft.protocol.usage;

/** The requested operation, as OpenTelemetry's {@code gen_ai.operation.name} has it. */
public enum Operation {
    CHAT("chat"),
    TEXT("text_completion"),
    EMBEDDINGS("embeddings"),
    RERANK("rerank"),
    SCORE("score"),
    CLASSIFY("classify");

    private final String tag;

    Operation(String tag) {
        this.tag = tag;
    }

    /** The operation of a path that models answer; those without one of their own are chats. */
    public static Operation ofPath(String path) {
        return switch (path) {
            case "/v1/completions" -> TEXT;
            case "/v1/embeddings" -> EMBEDDINGS;
            case "/v1/rerank" -> RERANK;
            case "/v1/score" -> SCORE;
            case "/v1/classify" -> CLASSIFY;
            default -> CHAT;
        };
    }

    /** The name in metrics and traces. */
    public String tag() {
        return tag;
    }
}
