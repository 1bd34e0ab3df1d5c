package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.DeploymentFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceOptionsTest {
    @TempDir private Path folder;

    /** TensorRT-LLM has 30 s to stop, and ends the process itself after that. */
    @ParameterizedTest
    @CsvSource({
        "weft.engine=cpu, 4",
        "weft.engine=cpu weft.inference.drain-timeout=12s, 14",
        "weft.engine=tensorrt-llm, 35",
        "weft.engine=tensorrt-llm weft.gateway.drain-timeout=12s, 45",
        "weft.engine=auto, 4",
        "weft.engine=auto resources.accelerator=H100, 35",
        "weft.engine=cpu resources.accelerator=H100, 4"
    })
    void servicesHaveTheTimeThatTheirEngineNeedsToStop(String settings, long seconds)
            throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        """
                        model_name: small
                        trt_llm: {build: {checkpoint_repository: {repo: owner/base}}}
                        """);

        Duration end =
                ServiceOptions.end(
                        DeploymentFile.readEffective(file, List.of(settings.split(" ", -1)))
                                .fleet());

        assertThat(end).isEqualTo(Duration.ofSeconds(seconds));
    }
}
