package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The worker that a request is given, and why.
 *
 * @param candidates how many workers could have served it
 * @param scores those of the worker, before weights, by what they measure
 */
public record RoutingDecision(
        WorkerSnapshot worker, Reason reason, int candidates, Map<Reason, Double> scores) {
    /** What set a worker apart from the other candidates. */
    public enum Reason {
        /** There was no other candidate. */
        ONLY,
        /** It holds the adapter in a faster place, or has room for it. */
        RESIDENCY,
        /** No worker has the adapter in a slot, and this one is earlier in the adapter's order. */
        AFFINITY,
        /** It has the conversation's blocks. */
        PREFIX,
        /** A row is free, or the queue is shorter. */
        QUEUE,
        /** It has fewer requests. */
        LOAD,
        /** Its KV cache is emptier. */
        KV,
        /** Nothing: others were equally good; the adapter's order decided, or for a base chance. */
        TIE;

        /** The word that labels and headers have for it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The decision in one line, for a header. */
    public String explained() {
        String each =
                scores.entrySet().stream()
                        .map(score ->
                                String.format(
                                        Locale.ROOT,
                                        "%s=%.2f",
                                        score.getKey().word(),
                                        score.getValue()))
                        .collect(Collectors.joining(" "));
        return "%s by %s of %d; %s".formatted(worker.address(), reason.word(), candidates, each);
    }
}
