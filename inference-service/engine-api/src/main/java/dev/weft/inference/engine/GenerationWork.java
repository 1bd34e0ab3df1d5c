package dev.weft.inference.engine;

import java.util.OptionalInt;

/**
 * What a generation has cost its engine so far. An engine that leaves the batch to another runtime
 * does not know the steps.
 *
 * @param queueNanos from {@link Engine#start} until {@link GenerationListener#onRow}; until its end
 *     if that never came
 * @param ran whether it had a row, or was handed to the runtime
 * @param promptSteps steps that worked on its prompt, until its first token
 * @param decodeSteps steps after its first token
 * @param preemptions times that it gave up its place in the KV cache to start over
 */
public record GenerationWork(
        long queueNanos,
        boolean ran,
        OptionalInt promptSteps,
        OptionalInt decodeSteps,
        OptionalInt preemptions) {
    public GenerationWork {
        if (queueNanos < 0
                || promptSteps.orElse(0) < 0
                || decodeSteps.orElse(0) < 0
                || preemptions.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "%d ns, %s, %s, %s: at least 0"
                            .formatted(queueNanos, promptSteps, decodeSteps, preemptions));
        }
    }

    /**
     * The work of an engine that makes the steps itself.
     *
     * @param promptSteps 0 if it never had a row
     */
    public GenerationWork(long queueNanos, int promptSteps, int decodeSteps, int preemptions) {
        this(
                queueNanos,
                promptSteps > 0,
                OptionalInt.of(promptSteps),
                OptionalInt.of(decodeSteps),
                OptionalInt.of(preemptions));
    }

    /**
     * The work of an engine that hands the generation to a runtime.
     *
     * @param ran whether the generation was handed over
     */
    public static GenerationWork outside(long queueNanos, boolean ran) {
        return new GenerationWork(
                queueNanos, ran, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    }
}
