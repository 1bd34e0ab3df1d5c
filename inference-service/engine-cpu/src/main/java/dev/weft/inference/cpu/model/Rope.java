package dev.weft.inference.cpu.model;

import dev.weft.format.decoder.RopePlan;
import dev.weft.format.decoder.RopeScaling;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Rotary position embedding. Frequencies are rounded to float at the places where transformers does
 * so (modeling_rope_utils).
 */
final class Rope {
    private final RopePlan plan;
    private final float[] frequencies;

    /**
     * Frequencies of sequences beyond the length at which all positions change; else as the others.
     */
    private final float[] stretched;

    Rope(RopePlan plan) {
        this.plan = plan;
        this.frequencies = frequencies(plan, false);
        this.stretched = frequencies(plan, true);
    }

    /** Writes cosines, then sines, of a position: half of the plan's size each. */
    void angles(int position, boolean isStretched, float[] target) {
        float[] turns = isStretched ? stretched : frequencies;
        int half = turns.length;
        for (int i = 0; i < half; i++) {
            double angle = (float) position * turns[i];
            target[i] = (float) Math.cos(angle) * plan.factor();
            target[half + i] = (float) Math.sin(angle) * plan.factor();
        }
    }

    /** Turns a head in place. */
    void turn(MemorySegment data, long at, float[] angles) {
        switch (plan.pairs()) {
            case HALVES -> VectorMath.rotate(data, at, angles);
            case NEIGHBOURS -> VectorMath.rotateNeighbours(data, at, angles);
        }
    }

    private static float[] frequencies(RopePlan plan, boolean isStretched) {
        float[] frequencies = new float[plan.size() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double power = Math.pow(plan.theta(), 2.0 * i / plan.size());
            frequencies[i] = (float) scaled(power, i, plan.scaling(), isStretched);
        }
        return frequencies;
    }

    /** A frequency, given the power of theta that it is 1 over. */
    private static double scaled(double power, int i, RopeScaling scaling, boolean isStretched) {
        double frequency = (float) (1.0 / power);
        return switch (scaling) {
            case RopeScaling.None _ -> frequency;
            case RopeScaling.Linear(double factor) -> frequency / factor;
            case RopeScaling.Llama3 llama -> llama3(frequency, llama);
            case RopeScaling.Yarn yarn -> yarn((float) power, i, yarn);
            case RopeScaling.LongRope(List<Float> before, List<Float> beyond, int _) ->
                    1.0f / ((isStretched ? beyond : before).get(i) * (float) power);
        };
    }

    private static double yarn(float power, int i, RopeScaling.Yarn yarn) {
        double high = yarn.low() == yarn.high() ? yarn.high() + 0.001 : yarn.high();
        double ramp = Math.clamp((i - yarn.low()) / (high - yarn.low()), 0.0, 1.0);
        return ramp / (yarn.factor() * power) + (1 - ramp) / power;
    }

    private static double llama3(double frequency, RopeScaling.Llama3 s) {
        double wavelength = 2 * Math.PI / frequency;
        double lowest = s.originalMaxPositions() / s.lowFrequencyFactor();
        double highest = s.originalMaxPositions() / s.highFrequencyFactor();
        if (wavelength > lowest) {
            return frequency / s.factor();
        }
        if (wavelength < highest) {
            return frequency;
        }
        double smooth =
                (s.originalMaxPositions() / wavelength - s.lowFrequencyFactor())
                        / (s.highFrequencyFactor() - s.lowFrequencyFactor());
        return (1 - smooth) * frequency / s.factor() + smooth * frequency;
    }
}
