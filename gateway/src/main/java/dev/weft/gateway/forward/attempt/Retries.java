package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;

/**
 * Decides whether a request that a worker failed goes to another one: if it may go better there,
 * and within the {@link RetryBudget}. Any thread.
 */
final class Retries {
    private final WorkerSelection selection;
    private final RetryBudget budget;
    private final AttemptMetrics metrics;

    Retries(WorkerSelection selection, RetryBudget budget, AttemptMetrics metrics) {
        this.selection = selection;
        this.budget = budget;
        this.metrics = metrics;
    }

    /** A request came, which adds to the budget. */
    void earn() {
        budget.earn();
    }

    /**
     * True if another worker will be asked once this one has failed the request, so that nobody
     * needs this one's error. It takes nothing from the budget. If other requests spend the rest
     * first, {@link #again} says no after all.
     */
    boolean mayFollow(Request request, AttemptFailed.Kind failure) {
        return selection.hasOther(request, failure.losesTheWorker())
                && (failure.costsNothing() || within(budget.isLeft()));
    }

    /** True if another worker is to be asked after a failure, which the request has counted. */
    boolean again(Request request, AttemptFailed.Kind failure) {
        boolean again =
                failure.replaceable()
                        && selection.hasOther(request, false)
                        && (failure.costsNothing() || within(budget.spend()));
        if (again) {
            metrics.retried(failure);
        }
        return again;
    }

    private boolean within(boolean budget) {
        if (!budget) {
            metrics.overBudget();
        }
        return budget;
    }
}
