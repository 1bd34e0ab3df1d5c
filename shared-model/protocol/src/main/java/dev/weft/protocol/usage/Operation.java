package dev.weft.gateway.measure;

/** The requested operation, as OpenTelemetry's {@code gen_ai.operation.name} has it. */
public enum Operation {
    CHAT("chat"),
    TEXT("text_completion");

    private final String tag;

    Operation(String tag) {
        this.tag = tag;
    }

    public static Operation ofPath(String path) {
        return path.equals("/v1/completions") ? TEXT : CHAT;
    }

    /** The metric tag. */
    String tag() {
        return tag;
    }
}
