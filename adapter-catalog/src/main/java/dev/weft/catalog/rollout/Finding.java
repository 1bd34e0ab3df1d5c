package dev.weft.catalog.rollout;

import dev.weft.catalog.evidence.MeanTest;
import dev.weft.catalog.evidence.QuantileTest;
import dev.weft.catalog.evidence.Sample;
import dev.weft.protocol.rollout.Measured;
import dev.weft.protocol.rollout.Times;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What one bound says about a step.
 *
 * @param allowed the plan's value of the bound
 * @param before the figure of the version before
 * @param candidate the figure of the new version
 * @param chance at most this chance for such figures, at any look in any step, if the new version
 *     is within the bounds: an always-valid p-value
 * @param needed observations of each version without which the step does not end
 */
record Finding(
        Bound bound, double allowed, Figure before, Figure candidate, double chance, long needed) {
    /**
     * A figure of a version.
     *
     * @param value a rate, seconds, or a mean score; not a number without observations
     * @param count of the observations
     */
    record Figure(double value, long count) {
        static Figure of(Sample sample) {
            return new Figure(sample.mean(), sample.count());
        }

        static Figure of(Times times, double quantile) {
            return new Figure(QuantileTest.seconds(times, quantile), times.total());
        }
    }

    /** What each of the plan's bounds says, in the order of {@link Bound}. */
    static List<Finding> of(Plan plan, StepMeasures step) {
        return Arrays.stream(Bound.values())
                .filter(plan.bounds()::containsKey)
                .map(bound ->
                        switch (bound) {
                            case errorRate -> errors(plan, step);
                            case firstToken -> times(plan, bound, step, Measured::firstToken);
                            case timePerToken -> times(plan, bound, step, Measured::perToken);
                            case score -> scores(plan, step);
                        })
                .toList();
    }

    boolean isAgainst(Plan plan) {
        return chance <= plan.alpha();
    }

    /** True if there are enough observations of both. */
    boolean isEnough() {
        return Math.min(before.count, candidate.count) >= needed;
    }

    private static Finding errors(Plan plan, StepMeasures step) {
        Sample before = step.before().failures();
        Sample candidate = step.candidate().failures();
        double allowed = allowed(plan, Bound.errorRate);
        return new Finding(
                Bound.errorRate,
                allowed,
                Figure.of(before),
                Figure.of(candidate),
                chance(plan, MeanTest.log(before, candidate, allowed)),
                plan.minRequests());
    }

    private static Finding scores(Plan plan, StepMeasures step) {
        double allowed = allowed(plan, Bound.score);
        return new Finding(
                Bound.score,
                allowed,
                Figure.of(step.before().scores()),
                Figure.of(step.candidate().scores()),
                chance(
                        plan,
                        MeanTest.log(
                                step.before().shortcomings(),
                                step.candidate().shortcomings(),
                                allowed)),
                plan.minScores());
    }

    private static Finding times(
            Plan plan, Bound bound, StepMeasures step, Function<Measured, Times> which) {
        Times before = which.apply(step.before().measured());
        Times candidate = which.apply(step.candidate().measured());
        double allowed = allowed(plan, bound);
        return new Finding(
                bound,
                allowed,
                Figure.of(before, plan.quantile()),
                Figure.of(candidate, plan.quantile()),
                chance(plan, QuantileTest.log(before, candidate, plan.quantile(), allowed)),
                plan.minRequests());
    }

    private static double allowed(Plan plan, Bound bound) {
        return plan.bounds().getOrDefault(bound, 0.0);
    }

    /** Each test may be wrong; all of them together with the chance that is told. */
    private static double chance(Plan plan, double logEvidence) {
        return Math.min(1, plan.tests() * Math.exp(-logEvidence));
    }
}
