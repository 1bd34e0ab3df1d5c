package dev.weft.inference.server.measure;

import java.util.OptionalDouble;

/**
 * How well a base model predicts a text; {@code exp(-mean(log p(token | tokens before it)))}, lower
 * is better.
 *
 * @param bf16 perplexity of the base in bf16
 * @param int8 perplexity of the base in int8
 * @param int8Cache perplexity of the base in bf16 with the KV cache in int8
 * @param dequantised perplexity with the 4-bit weights dequantised to floats; empty if no weights
 *     are in 4 bits
 * @param kernels the kernels of each precision
 * @param tokens predicted, in each precision
 * @param window most tokens of a piece of the text; none is predicted from tokens of another piece
 */
public record BasePerplexity(
        double bf16,
        double int8,
        double int8Cache,
        OptionalDouble dequantised,
        KernelNames kernels,
        long tokens,
        int window) {
    /**
     * The kernels that computed in each precision, e.g. {@code onednn bf16, instruction set
     * avx512-bf16}.
     */
    public record KernelNames(String bf16, String int8) {}

    /** Rejects values that no measurement has. */
    public BasePerplexity {
        check("bf16", bf16);
        check("int8", int8);
        check("bf16 with the KV cache in int8", int8Cache);
        dequantised.ifPresent(value -> check("bf16 with its 4 bits dequantised", value));
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens " + tokens + ": at least 1");
        }
        if (window < 2) {
            throw new IllegalArgumentException("window " + window + ": at least 2");
        }
    }

    /** Perplexity in int8 over that in bf16; 1.01 is one percent worse. */
    public double ratio() {
        return int8 / bf16;
    }

    /** Perplexity with the KV cache in int8 over that with it in bf16. */
    public double cacheRatio() {
        return int8Cache / bf16;
    }

    /**
     * Perplexity with weights in 4 bits over that with dequantised weights; empty if none are in 4
     * bits.
     */
    public OptionalDouble dequantisedRatio() {
        return dequantised.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(bf16 / dequantised.getAsDouble());
    }

    private static void check(String precision, double perplexity) {
        if (!(perplexity >= 1 && perplexity < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "perplexity in "
                            + precision
                            + " is "
                            + perplexity
                            + ": a finite number from 1");
        }
    }
}
