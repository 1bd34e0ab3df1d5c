package dev.weft.inference.tensorrtllm.stream;

import java.util.concurrent.atomic.LongAdder;

/** Counts what an engine has done since its start. Any thread. */
public final class Counters {
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder generatedTokens = new LongAdder();
    private final LongAdder sentAgain = new LongAdder();

    void prompt(int tokens) {
        promptTokens.add(tokens);
    }

    void token() {
        generatedTokens.increment();
    }

    void countSentAgain() {
        sentAgain.increment();
    }

    public long promptTokens() {
        return promptTokens.sum();
    }

    public long generatedTokens() {
        return generatedTokens.sum();
    }

    /** Requests that were handed to the model again with their adapter's weights. */
    public long sentAgain() {
        return sentAgain.sum();
    }
}
