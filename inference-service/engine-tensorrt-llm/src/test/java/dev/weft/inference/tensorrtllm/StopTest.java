package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.backend.EngineFixture;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests and models that leave TensorRT-LLM late, or never. */
@OnTriton
class StopTest extends EngineFixture {
    private static final int ROWS = 8;

    /** What is handed over beyond the batch waits in TensorRT-LLM's queue. */
    private static final int INSIDE = 10;

    /** TensorRT-LLM ends a request only once it is in the batch; whoever asked does not wait. */
    @Test
    void aRequestThatWaitsInTensorRtLlmIsCancelledAtOnceAndLeavesWhenItsTurnComes()
            throws IOException {
        TensorRtLlmEngine engine = open(model().model("test_hold_after", 1));
        List<Generation> handles = new ArrayList<>();
        List<RecordedGeneration> all = new ArrayList<>();
        for (int i = 0; i < INSIDE; i++) {
            RecordedGeneration generation = new RecordedGeneration();
            handles.add(engine.start(request(null, 50, List.of(), Sampling.greedy()), generation));
            all.add(generation);
        }
        for (int i = 0; i < ROWS; i++) {
            all.get(i).awaitFirstToken(DEADLINE);
        }

        handles.get(ROWS).cancel();
        assertThat(all.get(ROWS).await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
        assertThat(engine.calls()).isEqualTo(INSIDE);

        handles.getFirst().cancel();
        assertThat(all.getFirst().await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
        all.getLast().awaitFirstToken(DEADLINE);
        assertThat(all.get(ROWS).events()).isEmpty();
        assertThat(engine.calls()).isEqualTo(ROWS);
    }

    /** Its end handlers hang too, as MPI_Finalize may: the process ends all the same. */
    @Test
    void aModelThatNeverGoesIsNotWaitedForWithoutEnd() throws Exception {
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HangingStopRun.class.getName(),
                                folder.resolve("hanging").toString(),
                                "1")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(180, TimeUnit.SECONDS);
        process.destroyForcibly();

        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(StopDeadline.STATUS);
        assertThat(said)
                .contains("closes", "TensorRT-LLM has not stopped", "takes longer than 1 s")
                .doesNotContain("closed\n");
    }
}
