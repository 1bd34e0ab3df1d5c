package dev.weft.protocol.usage;

import dev.weft.protocol.path.ModelPaths;

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
            case ModelPaths.TEXT -> TEXT;
            case ModelPaths.EMBEDDINGS -> EMBEDDINGS;
            case ModelPaths.RERANK -> RERANK;
            case ModelPaths.SCORE -> SCORE;
            case ModelPaths.CLASSIFY -> CLASSIFY;
            default -> CHAT;
        };
    }

    /** The name in metrics and traces. */
    public String tag() {
        return tag;
    }
}
