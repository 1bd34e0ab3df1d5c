package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.checkpoint.RopeScaling;

/**
 * Rotary position embedding in Hugging Face's half-rotation layout: element i of a head turns
 * together with element {@code i + headDim/2}. Frequencies are rounded to float at the places where
 * transformers does so (modeling_rope_utils), llama3 scaling included.
 */
final class Rope {
    private final float[] frequencies;

    Rope(ModelConfig config) {
        int size = config.shape().attention().headDim();
        int half = size / 2;
        frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            double frequency = 1.0 / Math.pow(config.rope().theta(), 2.0 * i / size);
            frequencies[i] = (float) scaled((float) frequency, config.rope().scaling());
        }
    }

    /** Writes cosines, then sines, of a position: {@code 2 * headDim/2} values. */
    void angles(int position, float[] target) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double angle = (float) position * frequencies[i];
            target[i] = (float) Math.cos(angle);
            target[half + i] = (float) Math.sin(angle);
        }
    }

    private static double scaled(double frequency, RopeScaling scaling) {
        return switch (scaling) {
            case RopeScaling.None() -> frequency;
            case RopeScaling.Llama3 llama -> llama3(frequency, llama);
        };
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
