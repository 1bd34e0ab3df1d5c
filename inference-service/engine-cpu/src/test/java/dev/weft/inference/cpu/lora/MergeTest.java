package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.TinyKinds;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "QWEN2, AUTO, BF16",
        "QWEN2, AUTO, INT8",
        "QWEN2, VECTOR, BF16",
        "PHI3, VECTOR, BF16",
        "MIXTRAL, VECTOR, BF16"
    })
    void aMergedAdapterAnswersAsBeforeAndTheBaseExactlySo(
            String family, Kernels.Choice kernels, Precision precision) throws IOException {
        String config =
                switch (family) {
                    case "PHI3" -> TinyCheckpoint.PHI3;
                    case "MIXTRAL" -> TinyCheckpoint.MIXTRAL;
                    default -> TinyCheckpoint.QWEN2;
                };
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, config, DType.BF16, false);
        // Each family has some of them.
        LoraAdapter adapter =
                tiny.adapter(
                        3,
                        8,
                        1f,
                        EnumSet.of(
                                LinearModule.Q,
                                LinearModule.V,
                                LinearModule.UP,
                                LinearModule.QKV,
                                LinearModule.GATE_UP));
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, precision),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, 64, 16),
                        new CpuEngineSettings.Context(0, 256));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            engine.load(adapter.digest(), adapter);
            List<TokenEvent> base = TinyAnswer.of(engine, null);
            List<TokenEvent> before = TinyAnswer.of(engine, adapter.digest());
            assertThat(before).isNotEqualTo(base);

            assertThat(engine.merge(adapter.digest())).isTrue();
            List<TokenEvent> merged = TinyAnswer.of(engine, adapter.digest());
            assertThat(merged.getFirst().logProbability())
                    .isCloseTo(before.getFirst().logProbability(), within(0.1f))
                    .as("another sum was rounded")
                    .isNotEqualTo(before.getFirst().logProbability());
            assertThat(TinyAnswer.of(engine, null)).isEqualTo(base);

            engine.unmerge();
            assertThat(TinyAnswer.of(engine, adapter.digest())).isEqualTo(before);
        }
    }

    @Test
    void doraIsMergedAndWhatNoWeightHoldsIsNot() throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        TinyKinds kinds = new TinyKinds(tiny.config().shape());
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(6, 0), 8),
                        new CpuEngineSettings.Batch(4, 64, 16),
                        new CpuEngineSettings.Context(0, 256));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            for (int kind = 1; kind < 6; kind++) {
                LoraAdapter adapter =
                        kinds.of(
                                tiny.adapter(
                                        kind, 8, 1f, EnumSet.of(LinearModule.Q, LinearModule.UP)),
                                kind);
                engine.load(adapter.digest(), adapter);
                List<TokenEvent> before = TinyAnswer.of(engine, adapter.digest());

                boolean merged = engine.merge(adapter.digest());

                assertThat(merged).as("kind %d", kind).isEqualTo(kind == 1);
                if (merged) {
                    assertThat(TinyAnswer.of(engine, adapter.digest()).getFirst().logProbability())
                            .isCloseTo(before.getFirst().logProbability(), within(0.1f));
                } else {
                    assertThat(TinyAnswer.of(engine, adapter.digest())).isEqualTo(before);
                }
                engine.unmerge();
            }
        }
    }
}
