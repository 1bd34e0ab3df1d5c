package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.golden.ModelsPage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints in 4 bits and in FP8, each with an adapter, answer as transformers and PEFT do with
 * the dequantised weights in float32, alone and among others. The last one to run holds
 * docs/models.md against what was found, as {@link FamilyGoldensTest} does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuantisedGoldensTest {
    private static final double NEAR_TIE = 0.15;

    /** Of weights that are read into bf16. */
    private static final double MEAN_DIFFERENCE = 0.03;

    /**
     * Of weights that stay in 4 bits; what is left is the rounding of float16 to bf16 elsewhere.
     */
    private static final double MEAN_DIFFERENCE_IN_4_BITS = 0.015;

    /** FP8; read into bf16. */
    private static final Set<String> IN_8_BITS = Set.of("fp8", "fbgemm");

    private final TreeMap<String, GoldenComparison> found = new TreeMap<>();

    static List<String> forms() throws IOException {
        return FamilyGoldens.quantised();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void answersAsTheDequantisedWeightsDo(String form) throws IOException {
        try (FamilyGoldens base = FamilyGoldens.openQuantised(form, Kernels.Choice.VECTOR)) {
            GoldenComparison comparison = base.compare(FamilyGoldens.PROMPTS, NEAR_TIE);
            assertThat(comparison.wide()).as(comparison.toString()).isZero();
            double most = IN_8_BITS.contains(form) ? MEAN_DIFFERENCE : MEAN_DIFFERENCE_IN_4_BITS;
            assertThat(comparison.mean()).as(comparison.toString()).isLessThan(most);
            found.put(ModelsPage.row(form, base.modelType()), comparison);
        }
    }

    @AfterAll
    void thePageHasWhatWasFound() throws IOException {
        if (FamilyGoldens.areBesideTheCheckout() && found.size() == forms().size()) {
            ModelsPage.check(ModelsPage.Part.QUANTISED, found);
        }
    }
}
