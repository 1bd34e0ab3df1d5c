package dev.weft.inference.cpu.batch.choice;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Rows' scores that outlive a step, since a mask chooses among them. They are used again, so that a
 * refused token leaves no garbage of the vocabulary's size; there are as many as rows have waited
 * at once. Any thread.
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

    /** Nobody looks at a copy any more. */
    void back(float[] copy) {
        unused.add(copy);
    }
}
