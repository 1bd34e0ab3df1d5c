package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.Sampling;

/**
 * Turns a request's sampling into TensorRT-LLM's numbers. TensorRT-LLM divides logits in float, so
 * the numbers leave the quotients finite.
 */
public final class Draws {
    /**
     * The temperature below which the best token is asked for, as in vLLM. TensorRT-LLM's logits
     * are bf16 or float16: of two that differ, the lower one has no chance at such a temperature.
     */
    static final double LEAST_TEMPERATURE = 1e-5;

    private Draws() {}

    /** Whether only the best token may come. */
    public static boolean takesTheBest(Sampling sampling) {
        return sampling.temperature() < LEAST_TEMPERATURE;
    }

    /** {@code top_p}, which must not become 0: TensorRT-LLM takes that for 1 beside a top_k. */
    public static float topP(Sampling sampling) {
        return Math.max((float) sampling.cut().topP(), Float.MIN_NORMAL);
    }

    /** A penalty for a runtime that subtracts it after it has divided by the temperature. */
    public static float afterTemperature(Sampling sampling, double penalty) {
        return (float) (takesTheBest(sampling) ? penalty : penalty / sampling.temperature());
    }
}
