package dev.weft.inference.cpu.batch.choice;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Copies of rows' scores, which outlive a step because a choice under a mask reads them. The arrays
 * are used again, so that a refused token leaves no garbage of the vocabulary's size. There are as
 * many as rows have waited at once. Any thread.
 */
final class ScoreCopies {
    private final Queue<float[]> unused = new ConcurrentLinkedQueue<>();

    /** A copy. */
    float[] of(float[] scores) {
        float[] copy = unused.poll();
        if (copy == null || copy.length != scores.length) {
            return scores.clone();
        }
        System.arraycopy(scores, 0, copy, 0, copy.length);
        return copy;
    }

    /** Takes back a copy that nobody reads any more. */
    void back(float[] copy) {
        unused.add(copy);
    }
}
