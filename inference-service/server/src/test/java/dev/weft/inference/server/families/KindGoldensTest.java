package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.LoraCheck;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.golden.ModelsPage;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Adapters of every kind that is served answer as PEFT does in float32, all of them and the base in
 * one batch, and some of each alone with the same bits; the others are refused by name.
 *
 * <p>{@code mvn verify -pl inference-service/server -am -Dtest=KindGoldensTest -Dweft.docs=write}
 * writes its part of the table of docs/models.md anew.
 */
class KindGoldensTest {
    private static final String THERE = "goldensAreThere";
    private static final String WHY = "needs shared/goldens/families beside the checkout";

    private static final int PROMPTS = 8;

    /** Prompts that are asked alone, too. */
    private static final int ALONE = 2;

    private static final String SAMPLE = "weft-tiny";

    /** Margins below which even float32 may take another token, by the goldens' README. */
    private static final double NEAR_TIE = 0.2;

    private static final double MEAN_DIFFERENCE = 0.02;

    /** The setting by which each kind is refused that has goldens and is not served. */
    private static final Map<String, String> UNSERVED =
            Map.of("layer-replication-untied", "layer_replication");

    static boolean goldensAreThere() {
        return FamilyGoldens.areBesideTheCheckout();
    }

    private static List<String> served() throws IOException {
        return KindGoldens.names().stream().filter(name -> !UNSERVED.containsKey(name)).toList();
    }

    @Test
    void answersAsPeftDoesWhateverTheCompany() throws IOException {
        SortedMap<String, GoldenComparison> found = new TreeMap<>();
        if (goldensAreThere()) {
            try (KindGoldens kinds = KindGoldens.ofKinds(served(), Kernels.Choice.VECTOR)) {
                found.putAll(compare(kinds, SAMPLE, PROMPTS));
            }
        }
        for (String family : KindGoldens.families()) {
            try (KindGoldens experts = KindGoldens.ofFamily(family, Kernels.Choice.VECTOR)) {
                compare(experts, family, PROMPTS)
                        .forEach((row, comparison) -> {
                            if (!row.startsWith("adapter |")) {
                                found.put(row, comparison);
                            }
                        });
            }
        }
        assertThat(found).isNotEmpty();
        if (goldensAreThere()) {
            ModelsPage.check(ModelsPage.Part.ADAPTER, found);
        }
    }

    @Test
    void answersOnTheReferenceKernelsToo() throws IOException {
        if (goldensAreThere()) {
            try (KindGoldens kinds = KindGoldens.ofKinds(served(), Kernels.Choice.REFERENCE)) {
                compare(kinds, SAMPLE, 1);
            }
        }
        for (String family : KindGoldens.families()) {
            try (KindGoldens experts = KindGoldens.ofFamily(family, Kernels.Choice.REFERENCE)) {
                compare(experts, family, 1);
            }
        }
    }

    /** All at once, with requests to the base among them, then some of each kind alone. */
    private static SortedMap<String, GoldenComparison> compare(
            KindGoldens kinds, String checkpoint, int prompts) {
        List<KindGoldens.Named> goldens = kinds.goldens(prompts);
        int ofOnePrompt = goldens.size() / prompts;
        List<RecordedGeneration> together = new ArrayList<>();
        List<RecordedGeneration> ofTheBase = new ArrayList<>();
        for (int i = 0; i < goldens.size(); i++) {
            together.add(goldens.get(i).golden().start(kinds.engine()));
            if (i % ofOnePrompt == 0) {
                ofTheBase.add(toTheBase(goldens, i).start(kinds.engine()));
            }
        }
        SortedMap<String, GoldenComparison> found = new TreeMap<>();
        for (int i = 0; i < goldens.size(); i++) {
            FamilyGoldens.Golden golden = goldens.get(i).golden();
            together.get(i).await(FamilyGoldens.DEADLINE);
            found.computeIfAbsent(
                            ModelsPage.row(goldens.get(i).name(), checkpoint),
                            _ -> new GoldenComparison(NEAR_TIE))
                    .add(golden.expected(), together.get(i).events());
            if (i < ALONE * ofOnePrompt) {
                assertAlone(kinds, golden, together.get(i), goldens.get(i).name());
            }
        }
        for (int i = 0; i < ofTheBase.size(); i++) {
            assertAlone(kinds, toTheBase(goldens, i * ofOnePrompt), ofTheBase.get(i), "the base");
        }
        found.forEach((name, comparison) -> {
            String figures = name + comparison;
            assertThat(comparison.widest()).as(figures).isLessThan(NEAR_TIE);
            assertThat(comparison.mean()).as(figures).isLessThan(MEAN_DIFFERENCE);
        });
        return found;
    }

    private static FamilyGoldens.Golden toTheBase(List<KindGoldens.Named> goldens, int index) {
        return KindGoldens.toTheBase(goldens.get(index).golden());
    }

    private static void assertAlone(
            KindGoldens kinds,
            FamilyGoldens.Golden golden,
            RecordedGeneration together,
            String name) {
        together.await(FamilyGoldens.DEADLINE);
        RecordedGeneration alone = golden.start(kinds.engine());
        alone.await(FamilyGoldens.DEADLINE);
        assertThat(alone.events())
                .as("%s alone, and among all others", name)
                .isEqualTo(together.events());
    }

    @Test
    @EnabledIf(value = THERE, disabledReason = WHY)
    void refusesOtherMethodsByTheirNames() throws IOException {
        assertThat(KindGoldens.refused()).isNotEmpty();
        for (Map.Entry<String, String> method : KindGoldens.refused().entrySet()) {
            assertThat(reasons(method.getKey()))
                    .as(method.getKey())
                    .anySatisfy(reason -> {
                        assertThat(reason.code()).isEqualTo("UNSUPPORTED_METHOD");
                        assertThat(reason.tensor()).isEqualTo("peft_type");
                        assertThat(reason.found()).isEqualTo(method.getValue());
                    });
        }
    }

    @Test
    @EnabledIf(value = THERE, disabledReason = WHY)
    void refusesOtherSettingsByTheirNames() throws IOException {
        for (Map.Entry<String, String> kind : UNSERVED.entrySet()) {
            assertThat(reasons(kind.getKey()))
                    .as(kind.getKey())
                    .anySatisfy(reason -> assertThat(reason.tensor()).isEqualTo(kind.getValue()));
        }
    }

    private static List<Reason> reasons(String name) throws IOException {
        return switch (KindGoldens.check(name)) {
            case LoraCheck.Refused(List<Reason> reasons) -> reasons;
            case LoraCheck.Accepted accepted -> throw new AssertionError(name + ": " + accepted);
        };
    }
}
