package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.inference.engine.EngineStatistics;
import dev.weft.model.safetensors.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStepTest {
    @Test
    void logitsAreNumbersThatDiffer() {
        assertThatCode(() -> FirstStep.check(new float[] {0, -1, 2})).doesNotThrowAnyException();
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> FirstStep.check(new float[] {0, wrong, 2}))
                    .withMessageContaining("self-test")
                    .withMessageContaining(String.valueOf(wrong));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> FirstStep.check(new float[] {3, 3, 3}))
                .withMessageContaining("all logits of its first token are 3.0");
    }

    @Test
    void itIsNoRequest(@TempDir Path folder) throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = CpuEngine.open(folder, CpuEngineSettings.defaults(), _ -> {})) {
            EngineStatistics statistics = engine.statistics();
            assertThat(engine.steps()).isZero();
            assertThat(statistics.promptTokens()).isZero();
            assertThat(statistics.kv().used()).isZero();
            assertThat(statistics.batch().orElseThrow().measured().orElseThrow().seconds().count())
                    .isZero();
        }
    }
}
