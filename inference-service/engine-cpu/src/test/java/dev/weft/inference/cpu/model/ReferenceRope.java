package dev.weft.inference.cpu.model;

import dev.weft.format.decoder.RopePlan;
import dev.weft.format.decoder.RopeScaling;

/** Rotations by their formulas, in double precision. */
final class ReferenceRope {
    private ReferenceRope() {}

    /** Turns each head of a row by its position in a sequence of that length. */
    static double[] turn(double[] heads, int headDim, RopePlan plan, int position, int length) {
        double[] turned = heads.clone();
        for (int at = 0; at < heads.length; at += headDim) {
            for (int i = 0; i < plan.size() / 2; i++) {
                boolean halves = plan.pairs() == RopePlan.Pairs.HALVES;
                int first = at + (halves ? i : 2 * i);
                int second = halves ? first + plan.size() / 2 : first + 1;
                double angle = position * frequency(plan, i, length);
                double cosine = Math.cos(angle) * plan.factor();
                double sine = Math.sin(angle) * plan.factor();
                turned[first] = heads[first] * cosine - heads[second] * sine;
                turned[second] = heads[second] * cosine + heads[first] * sine;
            }
        }
        return turned;
    }

    private static double frequency(RopePlan plan, int i, int length) {
        double f = Math.pow(plan.theta(), -2.0 * i / plan.size());
        return switch (plan.scaling()) {
            case RopeScaling.None _ -> f;
            case RopeScaling.Linear(double factor) -> f / factor;
            case RopeScaling.Llama3 s -> {
                double turns = s.originalMaxPositions() * f / (2 * Math.PI);
                double smooth =
                        (turns - s.lowFrequencyFactor())
                                / (s.highFrequencyFactor() - s.lowFrequencyFactor());
                yield mix(f, f / s.factor(), Math.clamp(smooth, 0.0, 1.0));
            }
            case RopeScaling.Yarn s -> {
                double ramp = (i - s.low()) / (s.high() - s.low());
                yield mix(f / s.factor(), f, Math.clamp(ramp, 0.0, 1.0));
            }
            case RopeScaling.LongRope s ->
                    f
                            / (length > s.originalMaxPositions()
                                            ? s.longFactors()
                                            : s.shortFactors())
                                    .get(i);
        };
    }

    private static double mix(double one, double other, double share) {
        return share * one + (1 - share) * other;
    }
}
