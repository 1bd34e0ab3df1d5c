package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that throw as a whole. */
class FailingStepTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int NO_TOKEN = 1_000_000;

    @TempDir private Path folder;

    @BeforeAll
    static void beQuiet() {
        TestLoop.log(false);
    }

    @AfterAll
    static void beLoud() {
        TestLoop.log(true);
    }

    @BeforeEach
    void write() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
    }

    @Test
    void aRequestWhoseRowFailsTheStepIsFoundAmongOthersAndAlone() throws IOException {
        try (TestLoop loop = open()) {
            List<Integer> expected = start(loop, 5).tokensAtTheEnd(DEADLINE);
            RecordedGeneration alone = start(loop, NO_TOKEN);
            isTheRequestsFault(alone);

            RecordedGeneration poison = start(loop, NO_TOKEN);
            RecordedGeneration beside = start(loop, 5);
            RecordedGeneration morePoison = start(loop, NO_TOKEN);
            isTheRequestsFault(poison);
            isTheRequestsFault(morePoison);
            assertThat(beside.tokensAtTheEnd(DEADLINE)).isEqualTo(expected);
        }
    }

    @Test
    void anEngineThatComputesNothingMoreSaysSoToEachRequestAndLives() throws IOException {
        TestLoop loop = open();
        assertThat(start(loop, 5).tokensAtTheEnd(DEADLINE)).isNotEmpty();
        loop.decoder().close();
        for (int round = 0; round < 3; round++) {
            List<RecordedGeneration> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(start(loop, i));
            }
            for (RecordedGeneration one : all) {
                assertThatExceptionOfType(EngineException.class)
                        .isThrownBy(() -> one.await(DEADLINE))
                        .withMessage("the engine's step failed")
                        .satisfies(e ->
                                assertThat(e.reason()).isEqualTo(EngineException.Cause.FAILED));
            }
        }
        // its memory was given back already
        assertThatIllegalStateException().isThrownBy(loop::close);
    }

    private static void isTheRequestsFault(RecordedGeneration generation) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> generation.await(DEADLINE))
                .withMessageContaining("request r-" + NO_TOKEN)
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
    }

    private TestLoop open() throws IOException {
        return TestLoop.open(folder, Precision.BF16, 4, 40, 96, List.of());
    }

    private static RecordedGeneration start(TestLoop loop, int token) {
        RecordedGeneration generation = new RecordedGeneration();
        loop.start(
                new GenerationRequest(
                        "r-" + token,
                        null,
                        List.of(1, token, 2),
                        GenerationRequest.Ending.after(8),
                        Sampling.greedy(),
                        -1),
                generation);
        return generation;
    }
}
