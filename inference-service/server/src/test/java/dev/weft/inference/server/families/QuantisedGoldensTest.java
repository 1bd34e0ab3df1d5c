package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.golden.ModelsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints in 4 bits and in FP8, each with an adapter, answer as transformers and PEFT do with
 * the dequantised weights in float32, alone and among others. The last one to run holds
 * docs/models.md against what was found, as {@link FamilyGoldensTest} does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(
        value = "goldensAreThere",
        disabledReason = "needs shared/goldens/families beside the checkout")
class QuantisedGoldensTest {
    private static final double NEAR_TIE = 0.15;

    /** Of weights that are read into bf16. */
    private static final double MEAN_DIFFERENCE = 0.03;

    /**
     * Of weights that stay in 4 bits; what is left is the rounding of float16 to bf16 elsewhere.
     */
    private static final double MEAN_DIFFERENCE_IN_4_BITS = 0.015;

    private final TreeMap<String, GoldenComparison> found = new TreeMap<>();

    static boolean goldensAreThere() {
        return Files.isRegularFile(FamilyGoldens.FOLDER.resolve("goldens.json"));
    }

    static List<String> forms() throws IOException {
        return FamilyGoldens.quantised();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void answersAsTheDequantisedWeightsDo(String form) throws IOException {
        try (FamilyGoldens base = FamilyGoldens.openQuantised(form, Kernels.Choice.VECTOR)) {
            GoldenComparison comparison = base.compare(FamilyGoldens.PROMPTS, NEAR_TIE);
            assertThat(comparison.wide()).as(comparison.toString()).isZero();
            double most = form.equals("fp8") ? MEAN_DIFFERENCE : MEAN_DIFFERENCE_IN_4_BITS;
            assertThat(comparison.mean()).as(comparison.toString()).isLessThan(most);
            found.put(ModelsPage.row(form, base.modelType()), comparison);
        }
    }

    @AfterAll
    void thePageHasWhatWasFound() throws IOException {
        if (found.size() == forms().size()) {
            ModelsPage.check(ModelsPage.Part.QUANTISED, found);
        }
    }
}
