package dev.weft.inference.server.completion;

/** OpenAI's {@code finish_reason}. */
public enum EndReason {
    /** An end token, a stop token or a stop string. */
    STOP("stop"),
    /** The token limit or the context's end. */
    LENGTH("length"),
    /** The model has called tools and waits for what they say. */
    TOOL_CALLS("tool_calls");

    private final String word;

    EndReason(String word) {
        this.word = word;
    }

    /** The reason as clients read it. */
    public String word() {
        return word;
    }
}
