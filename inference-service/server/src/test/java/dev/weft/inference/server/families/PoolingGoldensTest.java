package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.golden.ModelsPage;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Vectors and scores of the goldens against transformers in float32, in one batch with answers of
 * an adapter and of the base.
 */
@EnabledIf(
        value = "goldensAreThere",
        disabledReason = "needs ../shared/goldens/families, which is not in the repository")
class PoolingGoldensTest {
    private static final int PROMPTS = 6;
    private static final double LEAST_COSINE = 0.9999;

    /** Goldens are written with five places; scores are up to 4, values of vectors up to 3. */
    private static final double MOST_DIFFERENCE = 0.01;

    private static final class Figures {
        private int count;
        private double cosine = 1;
        private double difference;

        void add(float[] expected, float[] found) {
            count++;
            double product = 0;
            double length = 0;
            double other = 0;
            for (int i = 0; i < expected.length; i++) {
                product += (double) expected[i] * found[i];
                length += (double) expected[i] * expected[i];
                other += (double) found[i] * found[i];
                difference = Math.max(difference, Math.abs(expected[i] - found[i]));
            }
            cosine = Math.min(cosine, product / Math.sqrt(length * other));
        }

        /** No vector parts from its golden by a token: all are equal within the difference. */
        String cells() {
            return ModelsPage.cells(count, 0, 0, difference);
        }

        @Override
        public String toString() {
            return "%d vectors, cosine %.6f, largest difference %.4f"
                    .formatted(count, cosine, difference);
        }
    }

    static boolean goldensAreThere() {
        return Files.isRegularFile(FamilyGoldens.FOLDER.resolve("goldens.json"));
    }

    @Test
    void makesTheVectorsOfTransformersWhateverTheCompany() throws IOException {
        try (PoolingGoldens pooling = PoolingGoldens.open(Kernels.Choice.VECTOR)) {
            SortedMap<String, String> rows = new TreeMap<>();
            compare(pooling, PROMPTS).forEach((row, figures) -> rows.put(row, figures.cells()));
            ModelsPage.checkCells(ModelsPage.Part.VECTORS, rows);
        }
    }

    @Test
    void makesThemOnTheReferenceKernelsToo() throws IOException {
        try (PoolingGoldens pooling = PoolingGoldens.open(Kernels.Choice.REFERENCE)) {
            compare(pooling, 2);
        }
    }

    /** All at once with answers among them, then each alone. */
    private static SortedMap<String, Figures> compare(PoolingGoldens pooling, int prompts) {
        List<PoolingGoldens.Golden> goldens = pooling.goldens(prompts);
        List<RecordedGeneration> vectors = new ArrayList<>();
        List<RecordedGeneration> answers = new ArrayList<>();
        for (PoolingGoldens.Golden golden : goldens) {
            vectors.add(golden.start(pooling.engine()));
            answers.add(pooling.generate(golden.prompt(), answers.size() % 2 == 0));
        }
        SortedMap<String, Figures> found = new TreeMap<>();
        for (int i = 0; i < goldens.size(); i++) {
            PoolingGoldens.Golden golden = goldens.get(i);
            float[] vector = vectors.get(i).vectorAtTheEnd(FamilyGoldens.DEADLINE);
            assertThat(vector).as(golden.name()).hasSameSizeAs(golden.expected());
            found.computeIfAbsent(ModelsPage.row(golden.name(), "weft-tiny"), _ -> new Figures())
                    .add(golden.expected(), vector);
            assertThat(golden.start(pooling.engine()).vectorAtTheEnd(FamilyGoldens.DEADLINE))
                    .as("%s alone, and among all others", golden.name())
                    .isEqualTo(vector);
            assertAnswerAlone(pooling, golden.prompt(), i % 2 == 0, answers.get(i));
        }
        found.forEach((name, figures) -> {
            assertThat(figures.cosine).as(name + figures).isGreaterThan(LEAST_COSINE);
            assertThat(figures.difference).as(name + figures).isLessThan(MOST_DIFFERENCE);
        });
        return found;
    }

    private static void assertAnswerAlone(
            PoolingGoldens pooling,
            List<Integer> prompt,
            boolean byAdapter,
            RecordedGeneration together) {
        together.await(FamilyGoldens.DEADLINE);
        RecordedGeneration alone = pooling.generate(prompt, byAdapter);
        alone.await(FamilyGoldens.DEADLINE);
        assertThat(alone.events()).isEqualTo(together.events());
    }

    @Test
    void readsAPrefixAgainForTheMeanAloneAndOtherwiseReusesIt() throws IOException {
        try (PoolingGoldens pooling = PoolingGoldens.open(Kernels.Choice.VECTOR)) {
            for (PoolingGoldens.Golden golden : pooling.goldens(2)) {
                golden.start(pooling.engine()).await(FamilyGoldens.DEADLINE);
                RecordedGeneration again = golden.start(pooling.engine());
                again.await(FamilyGoldens.DEADLINE);
                boolean reuses =
                        golden.output() != PooledOutput.MEAN && golden.prompt().size() > 16;
                assertThat(again.cachedTokens() > 0)
                        .as("%s of %d tokens", golden.name(), golden.prompt().size())
                        .isEqualTo(reuses);
            }
        }
    }

    @Test
    void refusesWhatAnAdapterWasNotTrainedFor() throws IOException {
        try (PoolingGoldens pooling = PoolingGoldens.open(Kernels.Choice.VECTOR)) {
            assertRefused(pooling, pooling.classify(), PooledOutput.LAST, "with a head of labels");
            assertRefused(pooling, pooling.embedding(), PooledOutput.LABELS, "without a head");
            assertRefused(pooling, null, PooledOutput.LABELS, "without a head");
            for (AdapterDigest adapter : List.of(pooling.classify(), pooling.embedding())) {
                GenerationRequest text =
                        new GenerationRequest(
                                "text",
                                adapter,
                                List.of(1, 2),
                                GenerationRequest.Ending.after(1),
                                Sampling.greedy(),
                                -1);
                assertThatThrownBy(() -> pooling.engine().start(text, new RecordedGeneration()))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("not trained to make text");
            }
            // nothing is left behind: the adapters can be unloaded and serve
            assertThat(pooling.engine().pending()).isZero();
        }
    }

    private static void assertRefused(
            PoolingGoldens pooling,
            @Nullable AdapterDigest adapter,
            PooledOutput output,
            String why) {
        assertThatThrownBy(() ->
                        pooling.engine()
                                .start(
                                        GenerationRequest.pooled(
                                                "wrong", adapter, List.of(1), output, Owner.NOBODY),
                                        new RecordedGeneration()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(why);
    }

    @Test
    void takesAPromptAsLongAsTheContext() throws IOException {
        try (PoolingGoldens pooling = PoolingGoldens.open(Kernels.Choice.VECTOR)) {
            int context = pooling.engine().description().contextLength();
            RecordedGeneration whole = longest(pooling, context);
            assertThat(whole.vectorAtTheEnd(FamilyGoldens.DEADLINE)).hasSize(256);
            assertThatThrownBy(() -> longest(pooling, context + 1))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(
                                                    EngineException.Cause.CONTEXT_LENGTH_EXCEEDED));
        }
    }

    private static RecordedGeneration longest(PoolingGoldens pooling, int tokens) {
        RecordedGeneration generation = new RecordedGeneration();
        List<Integer> prompt = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            prompt.add(i % 1000);
        }
        pooling.engine()
                .start(
                        GenerationRequest.pooled(
                                "long", null, prompt, PooledOutput.MEAN, Owner.NOBODY),
                        generation);
        return generation;
    }
}
