package dev.weft.gateway.forward;

/** What is asked for, as OpenTelemetry's {@code gen_ai.operation.name} has it. */
enum Operation {
    CHAT("chat"),
    TEXT("text_completion");

    private final String tag;

    Operation(String tag) {
        this.tag = tag;
    }

    static Operation ofPath(String path) {
        return path.endsWith("/chat/completions") ? CHAT : TEXT;
    }

    /** The metric tag. */
    String tag() {
        return tag;
    }
}
