package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.DType;
import dev.weft.inference.engine.statistics.EngineStatistics;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before the first request. */
class NothingCountedTest {
    @Test
    void theStepThatTestsTheModelIsNoRequest(@TempDir Path folder) throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = CpuEngine.open(folder, CpuEngineSettings.defaults(), _ -> {})) {
            EngineStatistics statistics = engine.statistics();
            assertThat(engine.steps()).isZero();
            assertThat(statistics.tokens().prompt()).isZero();
            assertThat(statistics.kv().used()).isZero();
            assertThat(statistics.batch().orElseThrow().measured().orElseThrow().seconds().count())
                    .isZero();
        }
    }
}
