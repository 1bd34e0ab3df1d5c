package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.StepPhase;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(400)
class StepTimesTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @TempDir private Path folder;

    @Test
    void phasesMakeUpTheTimeOfTheStepsAndAnAdapterHasItsOwn() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(true)) {
            answer(engine, null);
            BatchStatistics.Measured base = settled(engine);
            LoraAdapter adapter = adapter();
            engine.load(adapter.digest(), adapter);
            answer(engine, adapter.digest());
            BatchStatistics.Measured all = settled(engine);

            assertThat(base.phaseSeconds()).containsOnlyKeys(StepPhase.values());
            assertThat(base.phaseSeconds().get(StepPhase.LORA)).isZero();
            assertThat(all.phaseSeconds())
                    .allSatisfy((_, seconds) -> {
                        assertThat(seconds).isPositive();
                    });
            assertThat(sum(all)).isCloseTo(all.seconds().sum(), within(1e-6));
            assertThat(all.seconds().count()).isEqualTo(steps(engine)).isEqualTo(12);
            assertThat(all.rows().sum()).isEqualTo(12);
        }
    }

    @Test
    void countsTokensByWhetherTheyAreOfPromptsOrAnswers() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(true)) {
            answer(engine, null);
            settled(engine);
            BatchStatistics batch = engine.statistics().batch().orElseThrow();
            assertThat(batch.prefillTokens()).isEqualTo(4);
            assertThat(batch.decodeTokens()).isEqualTo(5);
        }
    }

    @Test
    void whatThreadsTakeBetweenStepsGrowsAndNeverFalls() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(true)) {
            double before = 0;
            for (int i = 0; i < 5; i++) {
                answer(engine, null);
                double now = settled(engine).idleCpuSeconds();
                assertThat(now).isGreaterThanOrEqualTo(before);
                before = now;
            }
            assertThat(before).isPositive();
        }
    }

    @Test
    void measuresNothingWhereItIsOff() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(false)) {
            answer(engine, null);
            BatchStatistics batch = engine.statistics().batch().orElseThrow();
            assertThat(batch.measured()).isEmpty();
            assertThat(batch.decodeTokens()).isPositive();
        }
    }

    private LoraAdapter adapter() {
        return new TinyCheckpoint(folder, ModelConfig.parse(TinyCheckpoint.QWEN2))
                .adapter(1, 4, 0.5f, EnumSet.copyOf(LinearModule.SEPARATE));
    }

    private CpuEngine open(boolean measured) throws IOException {
        return CpuEngine.open(
                folder,
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(
                                4, 16, 16, Duration.ofMillis(200), CpuEngineSettings.Drafts.of(0)),
                        new CpuEngineSettings.Context(0, 0),
                        measured),
                _ -> {});
    }

    private static void answer(CpuEngine engine, @Nullable AdapterDigest adapter) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "timed",
                        adapter,
                        List.of(5, 9, 13, 7),
                        GenerationRequest.Ending.after(6),
                        Sampling.greedy(),
                        -1),
                generation);
        generation.await(DEADLINE);
    }

    /** A listener hears of its end within the step, whose time is counted when it is over. */
    private static BatchStatistics.Measured settled(CpuEngine engine) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            BatchStatistics.Measured now =
                    engine.statistics().batch().orElseThrow().measured().orElseThrow();
            if (now.seconds().count() == steps(engine)
                    && Math.abs(sum(now) - now.seconds().sum()) < 1e-6) {
                return now;
            }
            assertThat(System.nanoTime()).as("a step does not end").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static long steps(CpuEngine engine) {
        return engine.steps();
    }

    private static double sum(BatchStatistics.Measured measured) {
        return measured.phaseSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
