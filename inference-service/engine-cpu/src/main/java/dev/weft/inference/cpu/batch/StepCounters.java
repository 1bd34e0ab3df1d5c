package dev.weft.inference.cpu.batch;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what the loop has done. The owner thread writes; any thread reads. */
public final class StepCounters {
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong mixedSteps = new AtomicLong();
    private final AtomicLong promptTokens = new AtomicLong();
    private final AtomicLong prefillTokens = new AtomicLong();
    private final AtomicLong decodeTokens = new AtomicLong();
    private final AtomicLong generatedTokens = new AtomicLong();
    private final AtomicLong drafts = new AtomicLong();
    private final AtomicLong draftedTokens = new AtomicLong();
    private final AtomicLong acceptedTokens = new AtomicLong();
    private volatile int running;
    private volatile int waiting;
    private final AtomicLong prefixQueried = new AtomicLong();
    private final AtomicLong prefixHit = new AtomicLong();
    private volatile long kvUsed;
    private volatile long kvCached;
    private volatile long evictedBlocks;
    private volatile long preemptions;

    /** Counts a step that has run. */
    void step(StepTokens tokens, int produced, boolean mixed) {
        steps.incrementAndGet();
        promptTokens.addAndGet(tokens.prompt());
        prefillTokens.addAndGet(tokens.prefill());
        decodeTokens.addAndGet(tokens.decode());
        generatedTokens.addAndGet(produced);
        if (mixed) {
            mixedSteps.incrementAndGet();
        }
    }

    /** Counts a draft that a step has verified. */
    void draft(int tokens, int right) {
        drafts.incrementAndGet();
        draftedTokens.addAndGet(tokens);
        acceptedTokens.addAndGet(right);
    }

    /** Counts one more token that a step gives a row, since a drafted token before it was right. */
    void more() {
        decodeTokens.incrementAndGet();
        generatedTokens.incrementAndGet();
    }

    void queues(int nowRunning, int nowWaiting, long preemptedSoFar) {
        running = nowRunning;
        waiting = nowWaiting;
        preemptions = preemptedSoFar;
    }

    void cache(long positionsUsed, long positionsCached, long blocksEvicted) {
        kvUsed = positionsUsed;
        kvCached = positionsCached;
        evictedBlocks = blocksEvicted;
    }

    /** Counts the tokens of a complete prompt, and those of them that were computed for others. */
    void prefix(int prompt, int cached) {
        prefixQueried.addAndGet(prompt);
        prefixHit.addAndGet(cached);
    }

    public long steps() {
        return steps.get();
    }

    public long mixedSteps() {
        return mixedSteps.get();
    }

    public long promptTokens() {
        return promptTokens.get();
    }

    public long prefillTokens() {
        return prefillTokens.get();
    }

    public long decodeTokens() {
        return decodeTokens.get();
    }

    public long generatedTokens() {
        return generatedTokens.get();
    }

    public long drafts() {
        return drafts.get();
    }

    public long draftedTokens() {
        return draftedTokens.get();
    }

    public long acceptedTokens() {
        return acceptedTokens.get();
    }

    public int running() {
        return running;
    }

    public int waiting() {
        return waiting;
    }

    public long kvUsed() {
        return kvUsed;
    }

    public long kvCached() {
        return kvCached;
    }

    public long prefixQueried() {
        return prefixQueried.get();
    }

    public long prefixHit() {
        return prefixHit.get();
    }

    public long evictedBlocks() {
        return evictedBlocks;
    }

    public long preemptions() {
        return preemptions;
    }
}
