package dev.weft.catalog.rollout.shadow;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weft.catalog.evidence.Samples;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Criteria;
import java.util.EnumMap;
import java.util.Map;

/** How much is copied, and by what the candidate is judged. Its JSON, in the database, is flat. */
record ShadowPlan(@JsonUnwrapped Copying copying, @JsonUnwrapped Judging judging) {
    /**
     * How much is copied.
     *
     * @param share of the requests, above 0, 1 at most
     * @param concurrent copies that each gateway may have under way
     * @param maxTokens of prompts and answers, of all copies
     * @param seconds how long it lasts
     */
    record Copying(double share, int concurrent, long maxTokens, long seconds) {}

    /**
     * What the candidate is judged by.
     *
     * @param bounds what may be worse, and how much; at least one, and none on scores
     * @param quantile of the times that are compared
     * @param alpha the chance that a candidate which is not worse than allowed is found worse all
     *     the same
     * @param minRequests requests of each version that a judgement in the candidate's favour needs
     */
    record Judging(Map<Bound, Double> bounds, double quantile, double alpha, long minRequests) {
        Judging {
            if (bounds.isEmpty()) {
                throw new IllegalArgumentException("a plan needs a bound");
            }
            bounds = Map.copyOf(new EnumMap<>(bounds));
        }

        Criteria criteria() {
            return new Criteria(
                    bounds, quantile, alpha, Samples.PAIRED, bounds.size(), minRequests, 0);
        }
    }
}
