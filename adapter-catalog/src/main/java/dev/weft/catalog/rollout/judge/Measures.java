package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.evidence.Observations;
import dev.weft.protocol.measure.Measured;

/**
 * What is known of two versions.
 *
 * @param before of the version before
 * @param candidate of the new version
 */
public record Measures(Of before, Of candidate) {
    /**
     * What is known of one version.
     *
     * @param measured by gateways
     * @param scores of a judge, and how many: their mean is 1 at best
     */
    public record Of(Measured measured, Observations scores) {
        public static final Of NOTHING = new Of(Measured.NONE, new Observations(0, 0));

        Observations failures() {
            return new Observations(measured.failures(), measured.requests());
        }

        /** How far scores stay below 1. */
        Observations shortcomings() {
            return new Observations((double) scores.count() - scores.sum(), scores.count());
        }
    }
}
