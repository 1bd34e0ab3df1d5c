package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.evidence.Sample;
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
    public record Of(Measured measured, Sample scores) {
        public static final Of NOTHING = new Of(Measured.NONE, new Sample(0, 0));

        Sample failures() {
            return new Sample(measured.failures(), measured.requests());
        }

        /** How far scores stay below 1. */
        Sample shortcomings() {
            return new Sample((double) scores.count() - scores.sum(), scores.count());
        }
    }
}
