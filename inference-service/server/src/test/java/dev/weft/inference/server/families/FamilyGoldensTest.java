package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.RecordedGeneration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The test that a family must pass: a tiny checkpoint of it and an adapter answer as transformers
 * and PEFT do in float32, alone and among others of both. It takes every family that {@code
 * shared/goldens/families} has, so a new one needs no line here.
 *
 * <p>The last one to run holds docs/models.md against what was found: {@code mvn verify -pl
 * inference-service/server -am -Dtest=FamilyGoldensTest -Dweft.docs=write} writes its table anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(
        value = "goldensAreThere",
        disabledReason = "needs shared/goldens/families beside the checkout")
class FamilyGoldensTest {
    /**
     * The engine rounds inputs of linear layers, keys and values to bf16. It may take another token
     * only if the two best are closer than that; transformers in bf16 does so at margins up to .7.
     */
    private static final double NEAR_TIE = 0.35;

    /** Margins below which even float32 may take another token. */
    private static final double NEAR_TIE_IN_FLOAT = 0.15;

    /** Goldens of a family that may part between these two margins. */
    private static final int FEW = 3;

    private static final double MEAN_DIFFERENCE = 0.05;

    private final TreeMap<String, GoldenComparison> found = new TreeMap<>();

    static boolean goldensAreThere() {
        return Files.isRegularFile(FamilyGoldens.FOLDER.resolve("goldens.json"));
    }

    static List<String> families() throws IOException {
        return FamilyGoldens.names();
    }

    @ParameterizedTest
    @MethodSource("families")
    void answersAsTransformersAndPeftDo(String name) throws IOException {
        try (FamilyGoldens family = FamilyGoldens.open(name, Kernels.Choice.AUTO)) {
            GoldenComparison comparison = compare(family, FamilyGoldens.PROMPTS);
            found.put("| " + family.modelType() + " | " + name + " |", comparison);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void answersOnTheReferenceKernelsToo(String name) throws IOException {
        try (FamilyGoldens family = FamilyGoldens.open(name, Kernels.Choice.REFERENCE)) {
            compare(family, 2);
        }
    }

    private static GoldenComparison compare(FamilyGoldens family, int prompts) {
        List<FamilyGoldens.Golden> goldens = family.goldens(prompts);
        CpuEngine engine = family.engine();
        List<RecordedGeneration> together = new ArrayList<>();
        goldens.forEach(golden -> together.add(golden.start(engine)));
        GoldenComparison comparison = new GoldenComparison(NEAR_TIE_IN_FLOAT);
        for (int i = 0; i < goldens.size(); i++) {
            RecordedGeneration mixed = together.get(i);
            mixed.await(FamilyGoldens.DEADLINE);
            comparison.add(goldens.get(i).expected(), mixed.events());
        }
        for (int i = 0; i < goldens.size(); i++) {
            RecordedGeneration alone = goldens.get(i).start(engine);
            alone.await(FamilyGoldens.DEADLINE);
            assertThat(alone.events())
                    .as("golden %d alone, and among all others", i)
                    .isEqualTo(together.get(i).events());
        }
        assertThat(comparison.widest()).as(comparison.toString()).isLessThan(NEAR_TIE);
        assertThat(comparison.wide()).as(comparison.toString()).isLessThanOrEqualTo(FEW);
        assertThat(comparison.mean()).as(comparison.toString()).isLessThan(MEAN_DIFFERENCE);
        return comparison;
    }

    @AfterAll
    void thePageHasWhatWasFound() throws IOException {
        ModelsPage.check(Path.of("..", "..", "docs", "models.md"), found);
    }
}
