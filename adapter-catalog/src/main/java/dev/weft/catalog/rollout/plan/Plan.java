package dev.weft.catalog.rollout.plan;

import dev.weft.catalog.evidence.Samples;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Criteria;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How an alias is rolled out.
 *
 * @param steps at least one, with weights that grow; after the last one all requests go to the new
 *     version
 * @param bounds what may be worse, and how much: for {@code errorRate} and {@code score} a
 *     difference, for times a factor of their quantile; at least one
 * @param quantile of the times that are compared, such as 0.9
 * @param alpha the chance that a version which is not worse than allowed is taken back all the same
 * @param minRequests of each version that a step needs
 * @param minScores of each version that a step needs if scores are compared
 */
public record Plan(
        List<Step> steps,
        Map<Bound, Double> bounds,
        double quantile,
        double alpha,
        long minRequests,
        long minScores) {
    /** The weights of both versions together, in percent. */
    public static final int WHOLE = 100;

    /**
     * A part of the requests for at least some time.
     *
     * @param weight of the new version, in percent
     * @param seconds how long it lasts at least
     */
    public record Step(int weight, long seconds) {}

    public Plan {
        steps = List.copyOf(steps);
        bounds = Map.copyOf(new EnumMap<>(bounds));
        if (steps.isEmpty() || bounds.isEmpty()) {
            throw new IllegalArgumentException("a plan needs a step and a bound");
        }
    }

    /** What each step is judged by. Each bound is a test of its own in each step. */
    public Criteria criteria() {
        return new Criteria(
                bounds,
                quantile,
                alpha,
                Samples.INDEPENDENT,
                steps.size() * bounds.size(),
                minRequests,
                minScores);
    }
}
