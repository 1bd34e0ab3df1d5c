package dev.weft.inference.engine;

/** The output that a request wants instead of tokens: one vector for its prompt. */
public enum PooledOutput {
    /** The last token's final hidden state, after the last norm: {@code [hidden]}. */
    LAST,
    /** The mean of all tokens' final hidden states, after the last norm: {@code [hidden]}. */
    MEAN,
    /** What the adapter's head of labels makes of the last token's: {@code [labels]}. */
    LABELS
}
