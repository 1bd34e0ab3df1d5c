package dev.weft.inference.engine;

/**
 * What a generation has cost its engine so far.
 *
 * @param queueNanos from {@link Engine#start} until it first had a row; until its end where it
 *     never had one
 * @param promptSteps steps that worked on its prompt, until its first token; 0 where it never had a
 *     row
 * @param decodeSteps steps after its first token
 * @param preemptions times that it gave up its place in the KV cache to start over
 */
public record GenerationWork(long queueNanos, int promptSteps, int decodeSteps, int preemptions) {
    public GenerationWork {
        if (queueNanos < 0 || promptSteps < 0 || decodeSteps < 0 || preemptions < 0) {
            throw new IllegalArgumentException(
                    "%d ns, %d, %d, %d: at least 0"
                            .formatted(queueNanos, promptSteps, decodeSteps, preemptions));
        }
    }
}
