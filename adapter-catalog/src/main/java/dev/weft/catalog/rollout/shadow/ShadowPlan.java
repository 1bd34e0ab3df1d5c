package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.evidence.Samples;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Criteria;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much is copied, and by what the candidate is judged.
 *
 * @param share of the requests, above 0, 1 at most
 * @param concurrent copies that each gateway may have under way
 * @param maxTokens of prompts and answers, of all copies
 * @param seconds how long it lasts
 * @param bounds what may be worse, and how much; at least one, and none on scores
 * @param quantile of the times that are compared
 * @param alpha the chance that a candidate which is not worse than allowed is found worse all the
 *     same
 * @param minRequests of each version without which nothing is said for the candidate
 */
record ShadowPlan(
        double share,
        int concurrent,
        long maxTokens,
        long seconds,
        Map<Bound, Double> bounds,
        double quantile,
        double alpha,
        long minRequests) {
    ShadowPlan {
        bounds = Map.copyOf(new EnumMap<>(bounds));
        if (bounds.isEmpty()) {
            throw new IllegalArgumentException("a plan needs a bound");
        }
    }

    /** What the candidate is judged by. */
    Criteria criteria() {
        return new Criteria(bounds, quantile, alpha, Samples.PAIRED, bounds.size(), minRequests, 0);
    }
}
