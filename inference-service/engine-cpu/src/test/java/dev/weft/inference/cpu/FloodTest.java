package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One tenant asks for more than the engine has, others for little. */
@Timeout(300)
class FloodTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int ROWS = 2;
    private static final int QUEUE = 6;

    @TempDir private Path folder;
    @AutoClose private CpuEngine engine;

    @BeforeEach
    void open() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        engine =
                CpuEngine.open(
                        folder,
                        new CpuEngineSettings(
                                new CpuEngineSettings.Compute(
                                        2, Kernels.Choice.AUTO, Precision.BF16),
                                new CpuEngineSettings.Adapters(new ShelfSize(1, 0), 8),
                                new CpuEngineSettings.Batch(ROWS, 24, QUEUE),
                                new CpuEngineSettings.Context(0, 0)),
                        _ -> {});
    }

    @Test
    void othersAreServedWhileTheFloodWaitsAndEveryAnswerIsAsIfAlone() {
        List<Integer> alone = start("alone", 200).tokensAtTheEnd(DEADLINE);
        List<RecordedGeneration> flood = new ArrayList<>();
        for (int i = 0; i < ROWS + QUEUE - 2; i++) {
            flood.add(start("flood", 200));
        }
        RecordedGeneration last = start("flood", 2_000); // which nobody waits for
        for (int i = 0; i < 3; i++) {
            assertThat(start("other", 10).tokensAtTheEnd(DEADLINE)).isEqualTo(alone.subList(0, 10));
        }
        assertThat(last.tokens()).as("still at it").hasSizeLessThan(2_000);
        for (RecordedGeneration one : flood) {
            assertThat(one.tokensAtTheEnd(DEADLINE)).isEqualTo(alone);
        }
    }

    @Test
    void whoIsAloneHearsThatTheEngineIsFullAndOneOfSeveralThatItHasItsShare() {
        List<RecordedGeneration> flood = new ArrayList<>();
        flood.add(held("flood"));
        for (int i = 1; i < ROWS + QUEUE; i++) {
            flood.add(start("flood", 2_000));
        }
        assertThat(refusal("flood")).isEqualTo(EngineException.Cause.OVERLOADED);

        RecordedGeneration other = held("other");
        flood.getFirst().goOn();

        EngineException error =
                catchThrowableOfType(EngineException.class, () -> flood.getLast().await(DEADLINE));
        assertThat(error.reason()).isEqualTo(EngineException.Cause.OVER_SHARE);
        other.awaitFirstToken(DEADLINE);
        start("flood", 1);
        assertThat(refusal("flood")).isEqualTo(EngineException.Cause.OVER_SHARE);
        other.goOn();
    }

    private EngineException.Cause refusal(String tenant) {
        return catchThrowableOfType(EngineException.class, () -> start(tenant, 1)).reason();
    }

    /** Starts a request that holds the engine at its first token until it may go on. */
    private RecordedGeneration held(String tenant) {
        RecordedGeneration generation = new RecordedGeneration();
        generation.hold();
        return start(generation, tenant, 2_000);
    }

    private RecordedGeneration start(String tenant, int tokens) {
        return start(new RecordedGeneration(), tenant, tokens);
    }

    private RecordedGeneration start(RecordedGeneration generation, String tenant, int tokens) {
        engine.start(
                new GenerationRequest(
                        "r",
                        null,
                        List.of(3, 1, 4, 1, 5),
                        GenerationRequest.Ending.after(tokens),
                        Sampling.of(0.9, 7),
                        -1,
                        new Owner(tenant, tenant)),
                generation);
        return generation;
    }
}
