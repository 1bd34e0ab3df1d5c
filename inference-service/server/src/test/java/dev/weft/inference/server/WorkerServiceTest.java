package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import dev.weft.deployment.WeftSettings.EngineChoice;
import dev.weft.deployment.WeftSettings.Precision;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.SourceConfiguration;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class WorkerServiceTest {
    @TempDir private Path data;

    @Test
    void refusesAnEngineThatThisMachineHasNotByItsKeyBeforeAnythingIsFetched() {
        assertThatThrownBy(() -> start(EngineChoice.TENSORRT_LLM, data.resolve("nowhere")))
                .hasMessageContaining("weft.engine is tensorrt-llm, but ")
                .hasMessageMatching(
                        "(?s).*(libtritonserver (can't be loaded|needs glibc|runs on Linux)|engine"
                                + " build).*");
    }

    @Test
    void saysWhatIsWrongWithTheCheckpoint() {
        Path missing = data.resolve("nowhere");
        assertThatThrownBy(() -> start(EngineChoice.CPU, missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the worker can't start")
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> start(EngineChoice.CPU, data))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("config.json");
    }

    @SuppressWarnings("MustBeClosedChecker") // it never starts
    private void start(EngineChoice engine, Path checkpoint) {
        WorkerService.start(
                        new WorkerOptions(
                                new WeftSettings.Inference(
                                        0,
                                        null,
                                        Precision.BF16,
                                        1,
                                        2,
                                        DataSize.ofMegabytes(1),
                                        8,
                                        256,
                                        0,
                                        0,
                                        16,
                                        Duration.ofSeconds(20),
                                        true,
                                        List.of("tenant"),
                                        Duration.ofMillis(200),
                                        true,
                                        Duration.ZERO,
                                        Duration.ofSeconds(30)),
                                WeftSettings.Metrics.DEFAULT,
                                engine,
                                new WorkerOptions.Gpu(
                                        false,
                                        TestWorker.asksOfEngine(),
                                        new WeftSettings.Triton(
                                                data.resolve("models"),
                                                data.resolve("backends"),
                                                "tensorrt_llm")),
                                "127.0.0.1",
                                data,
                                new RepositoryRef(
                                        RepositorySource.FILE, checkpoint.toString(), null),
                                SourceConfiguration.fromEnvironment(Map.of()),
                                "base",
                                16,
                                URI.create("http://127.0.0.1:1"),
                                null,
                                false,
                                Management.SAME_PORT,
                                ServiceTls.OFF,
                                _ -> {},
                                Clock.systemUTC(),
                                TracingSettings.OFF))
                .close();
    }
}
