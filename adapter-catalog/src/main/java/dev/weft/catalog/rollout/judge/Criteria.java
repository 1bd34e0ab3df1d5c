package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.evidence.Samples;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a new version is judged by.
 *
 * @param bounds what may be worse, and how much: for {@code errorRate} and {@code score} a
 *     difference, for times a factor of their quantile; at least one
 * @param quantile of the times that are compared, such as 0.9
 * @param alpha the chance that a version which is not worse than allowed is found worse all the
 *     same
 * @param samples whether both versions answer the same requests
 * @param tests how many tests share that chance
 * @param minRequests requests of each version that a judgement for the new version needs
 * @param minScores scores of each version that such a judgement needs if scores are compared
 */
public record Criteria(
        Map<Bound, Double> bounds,
        double quantile,
        double alpha,
        Samples samples,
        int tests,
        long minRequests,
        long minScores) {
    public Criteria {
        bounds = Map.copyOf(new EnumMap<>(bounds));
    }

    /** The value of a bound; 0 if there is none. */
    double allowed(Bound bound) {
        return bounds.getOrDefault(bound, 0.0);
    }
}
