package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.routing.RoutingDecision;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides which requests a second worker gets, too, if the first one's answer does not begin. Such
 * a request is streamed, and its prompt is cold: the first worker has no blocks of it, which
 * another worker would have to compute anew. Another worker must have room, and the {@link
 * RetryBudget} must allow it. Any thread.
 */
final class Hedging {
    private final Duration after;
    private final WorkerSelection selection;
    private final RetryBudget retries;

    /**
     * @param after how long an answer may take to begin; zero for no hedging at all
     */
    Hedging(Duration after, WorkerSelection selection, RetryBudget retries) {
        this.after = after;
        this.selection = selection;
        this.retries = retries;
    }

    Duration after() {
        return after;
    }

    boolean mayHedge(Request request, RoutingDecision first) {
        return !after.isZero() && request.isStreamed() && isCold(first);
    }

    /** True if the chosen worker has no part of the prompt, and there are other workers. */
    static boolean isCold(RoutingDecision first) {
        return first.candidates() > 1
                && first.scores().getOrDefault(RoutingDecision.Reason.PREFIX, 0.0) == 0;
    }

    /** The second worker of a request whose answer has not begun; empty if it gets none. */
    Optional<RoutingDecision> second(Request request) {
        return request.begun()
                ? Optional.empty()
                : selection.atOnce(request).filter(_ -> retries.spend());
    }
}
