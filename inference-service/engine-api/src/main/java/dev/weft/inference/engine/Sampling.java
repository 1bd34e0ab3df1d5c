package dev.weft.inference.engine;

import java.util.List;
import java.util.Map;

/**
 * How the next token is chosen. Every value is in a range in which an engine's arithmetic on finite
 * logits can be finite. Order: the bias and then penalties change the logits; tokens that would
 * finish a bad word drop out; the temperature divides; the cut keeps the likely tokens; the seed
 * draws. All as in vLLM.
 *
 * @param temperature 0 takes the best token, and so does any value too small to leave another one a
 *     chance; at most {@link #MOST_TEMPERATURE}
 * @param seed the same request and seed give the same tokens whatever else is in the batch
 * @param logitBias added to the logits, by token; at most {@link #MOST_BIAS}, as a magnitude
 * @param badWords sequences of tokens, none empty; the last token of one has no chance if the
 *     tokens of the answer so far end with the others
 */
public record Sampling(
        double temperature,
        Cut cut,
        Penalties penalties,
        long seed,
        Map<Integer, Double> logitBias,
        List<List<Integer>> badWords) {
    public static final double MOST_TEMPERATURE = 100;
    public static final double MOST_PENALTY = 2;
    public static final double LEAST_REPETITION = 0.01;
    public static final double MOST_REPETITION = 100;
    public static final double MOST_BIAS = 100;

    /**
     * Which tokens may be drawn.
     *
     * @param topP 0 &lt; p &lt;= 1
     * @param topK 0 for all
     * @param minP 0 &lt;= p &lt;= 1, share of the best token's probability below which tokens drop
     *     out
     */
    public record Cut(double topP, int topK, double minP) {
        /** The cut that keeps every token. */
        public static final Cut NONE = new Cut(1, 0, 0);

        public Cut {
            within("topP", topP, Double.MIN_VALUE, 1);
            within("topK", topK, 0, Integer.MAX_VALUE);
            within("minP", minP, 0, 1);
        }

        /** Whether every token may be drawn. */
        public boolean none() {
            return topK == 0 && topP == 1 && minP == 0;
        }
    }

    /**
     * Penalties on the logits of tokens that are in the prompt or the answer already.
     *
     * @param presence subtracted once from tokens already produced; at most {@link #MOST_PENALTY},
     *     as a magnitude
     * @param frequency subtracted for each time a token was produced; the same range
     * @param repetition divides positive and multiplies negative logits of tokens in the prompt or
     *     the answer; 1 for none; {@link #LEAST_REPETITION} to {@link #MOST_REPETITION}
     */
    public record Penalties(double presence, double frequency, double repetition) {
        /** No penalties. */
        public static final Penalties NONE = new Penalties(0, 0, 1);

        public Penalties {
            within("presencePenalty", presence, -MOST_PENALTY, MOST_PENALTY);
            within("frequencyPenalty", frequency, -MOST_PENALTY, MOST_PENALTY);
            within("repetitionPenalty", repetition, LEAST_REPETITION, MOST_REPETITION);
        }
    }

    public Sampling {
        logitBias = Map.copyOf(logitBias);
        within("temperature", temperature, 0, MOST_TEMPERATURE);
        logitBias
                .values()
                .forEach(bias -> within("a token's logitBias", bias, -MOST_BIAS, MOST_BIAS));
        badWords = badWords.stream().map(List::copyOf).toList();
        if (badWords.contains(List.<Integer>of())) {
            throw new IllegalArgumentException("a bad word without tokens");
        }
    }

    /** Parameters without bad words. */
    public Sampling(
            double temperature,
            Cut cut,
            Penalties penalties,
            long seed,
            Map<Integer, Double> logitBias) {
        this(temperature, cut, penalties, seed, logitBias, List.of());
    }

    /** Always the best token, nothing changed. */
    public static Sampling greedy() {
        return of(0, 0);
    }

    /** Draws with a temperature, nothing cut. */
    public static Sampling of(double temperature, long seed) {
        return new Sampling(temperature, Cut.NONE, Penalties.NONE, seed, Map.of());
    }

    /** Returns this sampling with another seed. */
    public Sampling withSeed(long other) {
        return new Sampling(temperature, cut, penalties, other, logitBias, badWords);
    }

    /** False for NaN too. */
    private static void within(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    what + " " + value + ": " + least + " to " + most + " are allowed");
        }
    }
}
