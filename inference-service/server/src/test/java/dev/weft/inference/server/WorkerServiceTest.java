package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.deployment.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerServiceTest {
    @TempDir private Path data;

    @Test
    void refusesAnEngineThatThisMachineHasNotByItsKeyBeforeAnythingIsFetched() {
        assertThatThrownBy(() -> start("tensorrt-llm", data.resolve("nowhere")))
                .hasMessageContaining("weft.engine is tensorrt-llm, but ")
                .hasMessageMatching(
                        "(?s).*(libtritonserver (can't be loaded|needs glibc|runs on Linux)|engine"
                                + " build).*");
    }

    @Test
    void saysWhatIsWrongWithTheCheckpoint() {
        Path missing = data.resolve("nowhere");
        assertThatThrownBy(() -> start("cpu", missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the worker can't start")
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> start("cpu", data))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("config.json");
    }

    @SuppressWarnings("MustBeClosedChecker") // it never starts
    private void start(String engine, Path checkpoint) throws IOException {
        Files.createDirectories(checkpoint);
        Deployment deployment =
                TestWorker.deployment(
                        data,
                        "{source: FILE, repo: " + checkpoint + "}",
                        "weft.engine=" + engine,
                        "weft.triton.model-repository=models",
                        "weft.triton.backends=backends");
        WorkerService.start(TestWorker.start(deployment, data)).close();
    }
}
