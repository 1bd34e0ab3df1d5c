package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Teams of more members than this machine has cores, and than the model has heads. */
class ManyCoresTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Long enough for a row's attention to be shared. */
    private static final int PROMPT = 530;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void answersDoNotDependOnTheNumberOfCores(Precision precision) throws IOException {
        String longContext =
                TinyCheckpoint.QWEN2.replace(
                        "\"max_position_embeddings\": 96", "\"max_position_embeddings\": 1024");
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, longContext, DType.BF16, false);
        LoraAdapter adapter =
                tiny.adapter(3, 8, 1f, EnumSet.of(LinearModule.Q, LinearModule.V, LinearModule.UP));
        List<List<TokenEvent>> alone = answers(1, precision, adapter);
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
        int cores = precision == Precision.BF16 ? 64 : 16;
        assertThat(answers(cores, precision, adapter)).as("%s cores", cores).isEqualTo(alone);
    }

    /** Of the base, and then of the base and the adapter in one batch. */
    private List<List<TokenEvent>> answers(int cores, Precision precision, LoraAdapter adapter)
            throws IOException {
        // The same in both, so that the precisions of the cache are tested too.
        KvPrecision cache = precision == Precision.INT8 ? KvPrecision.INT8 : KvPrecision.INT16;
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(cores, Kernels.Choice.VECTOR, precision),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, 640, 16),
                        new CpuEngineSettings.Context(0, 4096, true, cache));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            engine.load(adapter.digest(), adapter);
            List<List<TokenEvent>> answers = new ArrayList<>();
            answers.add(end(start(engine, null)));
            RecordedGeneration first = start(engine, adapter.digest());
            RecordedGeneration second = start(engine, null);
            answers.add(end(first));
            answers.add(end(second));
            return answers;
        }
    }

    private static List<TokenEvent> end(RecordedGeneration generation) {
        generation.await(DEADLINE);
        return generation.events();
    }

    private static RecordedGeneration start(CpuEngine engine, @Nullable AdapterDigest adapter) {
        RecordedGeneration generation = new RecordedGeneration();
        List<Integer> prompt = IntStream.range(0, PROMPT).map(i -> i * 7 % 70).boxed().toList();
        engine.start(
                new GenerationRequest(
                        "r",
                        adapter,
                        prompt,
                        GenerationRequest.Ending.after(4),
                        Sampling.greedy(),
                        1),
                generation);
        return generation;
    }
}
