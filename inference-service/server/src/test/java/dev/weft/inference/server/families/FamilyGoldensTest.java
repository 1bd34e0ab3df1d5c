package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.golden.ModelsPage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The test that a family must pass: a tiny checkpoint of it and an adapter answer as transformers
 * and PEFT do in float32, alone and among others of both. It takes every family that this module's
 * resources and {@code shared/goldens/families} have, so a new one needs no line here.
 *
 * <p>The last one to run holds docs/models.md against what was found: {@code mvn verify -pl
 * inference-service/server -am -Dtest=FamilyGoldensTest -Dweft.docs=write} writes its part of the
 * table anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FamilyGoldensTest {
    /** Margins below which even float32 may take another token, by the goldens' README. */
    private static final double NEAR_TIE_IN_FLOAT = 0.15;

    /**
     * What the engine may differ by.
     *
     * @param nearTie another token may be taken only if the two best are closer than that
     * @param wide goldens of a family that may part beyond {@link #NEAR_TIE_IN_FLOAT}
     * @param mean difference of log-probability
     */
    private record Bounds(double nearTie, int wide, double mean) {
        static Bounds of(Kernels.Choice kernels) {
            // oneDNN rounds inputs to bf16; transformers in bf16 parts at margins up to .7
            return kernels == Kernels.Choice.ONEDNN
                    ? new Bounds(0.35, 3, 0.05)
                    : new Bounds(NEAR_TIE_IN_FLOAT, 0, 0.02);
        }
    }

    private final TreeMap<String, GoldenComparison> found = new TreeMap<>();

    static boolean goldensAreThere() {
        return FamilyGoldens.areBesideTheCheckout();
    }

    static List<String> families() throws IOException {
        return FamilyGoldens.names();
    }

    @Test
    @EnabledIf(
            value = "goldensAreThere",
            disabledReason = "needs shared/goldens/families beside the checkout")
    void everyFamilyIsCompared() throws IOException {
        Set<String> compared = new TreeSet<>();
        for (String name : FamilyGoldens.names()) {
            compared.add(FamilyGoldens.modelType(name));
        }
        assertThat(compared).containsExactlyElementsOf(ModelConfig.families());
    }

    @ParameterizedTest
    @MethodSource("families")
    void answersAsTransformersAndPeftDo(String name) throws IOException {
        Kernels.Choice kernels = Kernels.Choice.VECTOR;
        try (FamilyGoldens family = FamilyGoldens.open(name, kernels)) {
            GoldenComparison comparison =
                    compare(family, FamilyGoldens.PROMPTS, Bounds.of(kernels));
            found.put(ModelsPage.row(family.modelType(), name), comparison);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void answersOnTheReferenceKernelsToo(String name) throws IOException {
        Kernels.Choice kernels = Kernels.Choice.REFERENCE;
        try (FamilyGoldens family = FamilyGoldens.open(name, kernels)) {
            compare(family, 2, Bounds.of(kernels));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void answersNearlySoOnOneDnn(String name) throws IOException {
        Kernels.Choice kernels = Kernels.Choice.ONEDNN;
        try (FamilyGoldens family = FamilyGoldens.open(name, kernels)) {
            compare(family, FamilyGoldens.PROMPTS, Bounds.of(kernels));
        } catch (IllegalStateException e) {
            String words = String.valueOf(e.getMessage());
            assumeFalse(words.contains("has no fast bf16 kernel"), words);
            throw e;
        }
    }

    private static GoldenComparison compare(FamilyGoldens family, int prompts, Bounds bounds) {
        GoldenComparison comparison = family.compare(prompts, NEAR_TIE_IN_FLOAT);
        assertThat(comparison.widest()).as(comparison.toString()).isLessThan(bounds.nearTie);
        assertThat(comparison.wide()).as(comparison.toString()).isLessThanOrEqualTo(bounds.wide);
        assertThat(comparison.mean()).as(comparison.toString()).isLessThan(bounds.mean);
        return comparison;
    }

    @AfterAll
    void thePageHasWhatWasFound() throws IOException {
        if (goldensAreThere() && found.size() == families().size()) {
            ModelsPage.check(ModelsPage.Part.FAMILY, found);
        }
    }
}
