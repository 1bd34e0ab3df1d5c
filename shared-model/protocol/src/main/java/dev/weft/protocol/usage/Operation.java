package dev.weft.protocol.usage;

/** The requested operation, as OpenTelemetry's {@code gen_ai.operation.name} has it. */
public enum Operation {
    CHAT("chat"),
    TEXT("text_completion");

    private final String tag;

    Operation(String tag) {
        this.tag = tag;
    }

    /** The operation of a path that models answer; all but one are ways to chats. */
    public static Operation ofPath(String path) {
        return path.equals("/v1/completions") ? TEXT : CHAT;
    }

    /** The name in metrics and traces. */
    public String tag() {
        return tag;
    }
}
