package dev.weft.inference.engine;

/** The output that a request wants instead of tokens: one vector for its prompt. */
public enum PooledOutput {
    /** The last token's final hidden state, after the last norm: {@code [hidden]}. */
    LAST,
    /** The mean of all tokens' final hidden states, after the last norm: {@code [hidden]}. */
    MEAN,
    /**
     * The logits that the adapter's head of labels computes from {@link #LAST}: {@code [labels]}.
     */
    LABELS
}
