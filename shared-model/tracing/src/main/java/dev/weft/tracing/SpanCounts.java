package dev.weft.tracing;

import java.util.concurrent.atomic.AtomicLong;

/** Counts spans by their outcome, from start on. Safe for any thread. */
public final class SpanCounts {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    SpanCounts() {}

    /** Spans that the collector has taken. */
    public long sent() {
        return sent.get();
    }

    /** Spans that were lost because the collector could not be reached, or refused them. */
    public long failed() {
        return failed.get();
    }

    /** Spans that were dropped because too many waited already. */
    public long dropped() {
        return dropped.get();
    }

    void addSent(int spans) {
        sent.addAndGet(spans);
    }

    void addFailed(int spans) {
        failed.addAndGet(spans);
    }

    void addDropped() {
        dropped.incrementAndGet();
    }
}
