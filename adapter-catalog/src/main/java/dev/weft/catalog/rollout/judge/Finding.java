package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.evidence.MeanTest;
import dev.weft.catalog.evidence.Observations;
import dev.weft.catalog.evidence.QuantileTest;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What one bound says about two versions.
 *
 * @param allowed the value of the bound
 * @param before the figure of the version before
 * @param candidate the figure of the new version
 * @param chance an always-valid p-value: if the new version is within the bounds, such figures have
 *     at most this chance, at any look in any step
 * @param needed observations of each version that the step needs to end
 */
public record Finding(
        Bound bound, double allowed, Figure before, Figure candidate, double chance, long needed) {
    /**
     * A figure of a version.
     *
     * @param value a rate, seconds, or a mean score; not a number without observations
     * @param count of the observations
     */
    public record Figure(double value, long count) {
        static Figure of(Observations observations) {
            return new Figure(observations.mean(), observations.count());
        }

        static Figure of(Times times, double quantile) {
            return new Figure(QuantileTest.seconds(times, quantile), times.total());
        }
    }

    /** What each of the bounds says, in the order of {@link Bound}. */
    public static List<Finding> of(Criteria criteria, Measures both) {
        return Arrays.stream(Bound.values())
                .filter(criteria.bounds()::containsKey)
                .map(bound ->
                        switch (bound) {
                            case errorRate -> errors(criteria, both);
                            case firstToken -> times(criteria, bound, both, Measured::firstToken);
                            case timePerToken -> times(criteria, bound, both, Measured::perToken);
                            case score -> scores(criteria, both);
                        })
                .toList();
    }

    public boolean isAgainst(Criteria criteria) {
        return chance <= criteria.alpha();
    }

    /** True if there are enough observations of both. */
    public boolean isEnough() {
        return Math.min(before.count, candidate.count) >= needed;
    }

    private static Finding errors(Criteria criteria, Measures both) {
        Observations before = both.before().failures();
        Observations candidate = both.candidate().failures();
        double allowed = criteria.allowed(Bound.errorRate);
        return new Finding(
                Bound.errorRate,
                allowed,
                Figure.of(before),
                Figure.of(candidate),
                chance(criteria, MeanTest.log(before, candidate, allowed, criteria.samples())),
                criteria.minRequests());
    }

    private static Finding scores(Criteria criteria, Measures both) {
        double allowed = criteria.allowed(Bound.score);
        return new Finding(
                Bound.score,
                allowed,
                Figure.of(both.before().scores()),
                Figure.of(both.candidate().scores()),
                chance(
                        criteria,
                        MeanTest.log(
                                both.before().shortcomings(),
                                both.candidate().shortcomings(),
                                allowed,
                                criteria.samples())),
                criteria.minScores());
    }

    private static Finding times(
            Criteria criteria, Bound bound, Measures both, Function<Measured, Times> which) {
        Times before = which.apply(both.before().measured());
        Times candidate = which.apply(both.candidate().measured());
        double allowed = criteria.allowed(bound);
        return new Finding(
                bound,
                allowed,
                Figure.of(before, criteria.quantile()),
                Figure.of(candidate, criteria.quantile()),
                chance(
                        criteria,
                        QuantileTest.log(
                                before,
                                candidate,
                                criteria.quantile(),
                                allowed,
                                criteria.samples())),
                criteria.minRequests());
    }

    /** Bonferroni: multiplies by the number of tests, so the bound covers all of them. */
    private static double chance(Criteria criteria, double logEvidence) {
        return Math.min(1, criteria.tests() * Math.exp(-logEvidence));
    }
}
