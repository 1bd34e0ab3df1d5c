package dev.weft.format.lora.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of adapter_config.json that concerns the computation.
 *
 * @param sizes ranks and alphas
 * @param variant what is computed of a pair
 * @param whole what is replaced besides low-rank changes
 * @param invocation {@code alora_invocation_tokens}; empty if the adapter is always active
 * @param task what it was trained for
 * @param origin what the file says of where it comes from
 */
public record PeftConfig(
        Sizes sizes,
        Variant variant,
        ModuleSelection.Targets targets,
        WholeModules whole,
        List<Integer> invocation,
        DeclaredTask task,
        Origin origin) {
    public PeftConfig {
        invocation = List.copyOf(invocation);
    }

    /**
     * Ranks and alphas.
     *
     * @param rank {@code r}, unless a pattern says otherwise
     * @param alpha {@code lora_alpha}, unless a pattern says otherwise
     */
    public record Sizes(
            int rank, double alpha, PatternValues rankPattern, PatternValues alphaPattern) {}

    /**
     * What is computed of a pair.
     *
     * @param rsLora {@code use_rslora}: the scale is alpha over the rank's root
     * @param bias {@code lora_bias}: B has a bias
     * @param dora {@code use_dora}: outputs are rescaled to learned lengths
     */
    public record Variant(boolean rsLora, boolean bias, boolean dora) {
        public static final Variant PLAIN = new Variant(false, false, false);
    }

    /**
     * What the file says of where it comes from.
     *
     * @param baseName {@code base_model_name_or_path}; often a path of the machine that trained it
     */
    public record Origin(@Nullable String baseName, PeftVersion writtenBy) {}

    /** Distinguishes keys of alpha_pattern from the same keys of rank_pattern. */
    static final String ALPHA = "alpha:";

    /** Rank and scale of one module, and the keys of the patterns that decided about them. */
    record Row(int rank, double scale, Optional<String> rankKey, Optional<String> alphaKey) {}

    Row row(String path, PythonPattern.Budget budget) {
        Optional<PatternValues.Entry> rankEntry = sizes.rankPattern.first(path, budget);
        Optional<PatternValues.Entry> alphaEntry = sizes.alphaPattern.first(path, budget);
        int r = rankEntry.map(e -> (int) e.value()).orElse(sizes.rank);
        double a = alphaEntry.map(PatternValues.Entry::value).orElse(sizes.alpha);
        return new Row(
                r,
                scale(a, r),
                rankEntry.map(PatternValues.Entry::key),
                alphaEntry.map(PatternValues.Entry::key));
    }

    double scale(double alpha, int rank) {
        return variant.rsLora ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}
