package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills {@code weft serve} with TensorRT-LLM in a separate process, and starts it again. */
@OnTriton
class TensorRtLlmKilledTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("LD_LIBRARY_PATH", TestBackend.libraries().toString());

    @Test
    void answersAsBeforeAfterItWasKilled(@TempDir Path folder) throws Exception {
        Path file = deployment(folder);
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> Sample.MODELS.stream().noneMatch(m -> p.of(m).close()))
                        .findFirst()
                        .orElseThrow();
        try (Launched first = Launched.serve(file, folder, ENVIRONMENT)) {
            askAll(first, prompt);
            first.kill();
        }
        try (Launched second = Launched.serve(file, folder, ENVIRONMENT)) {
            askAll(second, prompt);
            assertThat(second.end()).as("it ends").isTrue();
        }
    }

    private static void askAll(Launched weft, Sample.Prompt prompt) throws Exception {
        try (Client client = new Client(weft.awaitReady())) {
            for (String model : Sample.MODELS) {
                assertThat(client.ask(model, prompt.text()))
                        .as(model)
                        .isEqualTo(prompt.of(model).answer());
            }
        }
    }

    private static Path deployment(Path folder) throws Exception {
        Path repository = TestEngine.of(Sample.base()).write(folder);
        String sample = Files.readString(Sample.deploymentFile());
        return Files.writeString(
                folder.resolve("tensorrt.yaml"),
                sample.replace("repo: weft-tiny/", "repo: " + Sample.base().getParent() + "/")
                        + """
                        weft:
                          engine: tensorrt-llm
                          triton: {model-repository: %s, backends: %s}
                        """
                                .formatted(repository, TestBackend.backends()));
    }
}
