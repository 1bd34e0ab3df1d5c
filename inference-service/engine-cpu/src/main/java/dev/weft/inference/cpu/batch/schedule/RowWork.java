package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.GenerationWork;

/** How long a row waited, and how many steps it took. Owner thread only. */
final class RowWork {
    private final long begunNanos = System.nanoTime();
    private long queueNanos = -1;
    private int promptSteps;
    private int decodeSteps;
    private int preemptions;

    /**
     * The row takes part in a step.
     *
     * @param decodes it has produced a token
     */
    void step(boolean decodes) {
        if (queueNanos < 0) {
            queueNanos = System.nanoTime() - begunNanos;
        }
        if (decodes) {
            decodeSteps++;
        } else {
            promptSteps++;
        }
    }

    void preempted() {
        preemptions++;
    }

    GenerationWork sum() {
        long waited = queueNanos < 0 ? System.nanoTime() - begunNanos : queueNanos;
        return new GenerationWork(waited, promptSteps, decodeSteps, preemptions);
    }
}
