package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverflowingAdapterTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "AUTO, BF16, 1e38",
        "VECTOR, BF16, 1e38",
        "AUTO, INT8, 1e38",
        "VECTOR, INT8, 1e38",
        "AUTO, BF16, 1e30",
        "AUTO, INT8, 1e30"
    })
    void anAdapterThatOverflowsFailsItsOwnRequestsOnlyNowAndLater(
            Kernels.Choice kernels, Precision precision, float scale) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.LLAMA, DType.BF16, false);
        LoraAdapter wild = tiny.adapter(1, 8, scale, EnumSet.copyOf(LinearModule.SEPARATE));
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, precision),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, 64, 16),
                        new CpuEngineSettings.Context(0, 96));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            engine.load(wild.digest(), wild);
            List<Integer> expected = start(engine, null).tokensAtTheEnd(DEADLINE);

            RecordedGeneration broken = start(engine, wild.digest());
            RecordedGeneration beside = start(engine, null);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> broken.await(DEADLINE))
                    .withMessageContaining("are not numbers")
                    .withMessageContaining(wild.digest().toString())
                    .satisfies(e ->
                            assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
            assertThat(beside.tokensAtTheEnd(DEADLINE)).isEqualTo(expected);
            // Its NaNs still lie in the KV blocks that the next request is given.
            assertThat(start(engine, null).tokensAtTheEnd(DEADLINE)).isEqualTo(expected);
        }
    }

    private static RecordedGeneration start(CpuEngine engine, @Nullable AdapterDigest adapter) {
        List<Integer> prompt = IntStream.range(1, 20).boxed().toList();
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "r",
                        adapter,
                        prompt,
                        GenerationRequest.Ending.after(12),
                        Sampling.greedy(),
                        -1),
                generation);
        return generation;
    }
}
