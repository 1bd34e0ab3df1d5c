package dev.weft.inference.cpu;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What each kind of adapter costs: 16 answers of 32 tokens in one batch over four adapters, on a
 * base of SmolLM2-135M's shape with random weights. {@code PAIRS} is plain LoRA, rank 16 on all
 * seven modules; the kinds above it have the same pairs and something more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3, time = 3, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 6, time = 2, timeUnit = TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class KindsBenchmark {
    private static final int ROWS = 16;
    private static final int TOKENS = 32;
    private static final int ADAPTERS = 4;

    private static final String MODEL =
            """
            {"model_type": "llama", "hidden_size": 576, "num_hidden_layers": 30,
             "num_attention_heads": 9, "num_key_value_heads": 3, "head_dim": 64,
             "intermediate_size": 1536, "vocab_size": 49152, "max_position_embeddings": 128,
             "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
            """;

    /** What adapters have beside their pairs. */
    public enum Kind {
        /** No adapter. */
        BASE,
        PAIRS,
        RANK_256,
        DORA,
        BIASES_AND_NORMS,
        TOKENS_OF_ITS_OWN,
        HEAD_OF_ITS_OWN_AND_LORA_OF_EMBEDDING,
        LORA_OF_HEAD,
        LORA_OF_EMBEDDING_AND_HEAD
    }

    @Param Kind kind;

    private CpuEngine engine;
    private final List<AdapterDigest> adapters = new ArrayList<>();

    /** Writes the base and loads the adapters. */
    @Setup
    public void open() throws IOException {
        Path folder = Files.createTempDirectory("kinds");
        TinyCheckpoint base = TinyCheckpoint.write(folder, MODEL, DType.BF16, false);
        engine =
                CpuEngine.open(
                        folder,
                        new CpuEngineSettings(
                                new CpuEngineSettings.Compute(
                                        0, Kernels.Choice.AUTO, Precision.BF16),
                                new CpuEngineSettings.Adapters(new ShelfSize(ADAPTERS, 0), 256),
                                new CpuEngineSettings.Batch(
                                        ROWS,
                                        128,
                                        64,
                                        Duration.ofMinutes(1),
                                        CpuEngineSettings.Drafts.of(0)),
                                new CpuEngineSettings.Context(0, 0)),
                        _ -> {});
        for (int i = 0; i < ADAPTERS && kind != Kind.BASE; i++) {
            LoraAdapter adapter = adapter(base, i + 1);
            engine.load(adapter.digest(), adapter);
            adapters.add(adapter.digest());
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private LoraAdapter adapter(TinyCheckpoint base, int number) {
        int rank = kind == Kind.RANK_256 ? 256 : 16;
        LoraAdapter plain = base.adapter(number, rank, 0.1f, EnumSet.copyOf(LinearModule.SEPARATE));
        TinyKinds kinds = new TinyKinds(base.config().shape());
        return switch (kind) {
            case BASE, PAIRS, RANK_256 -> plain;
            case DORA -> kinds.dora(plain);
            case BIASES_AND_NORMS -> kinds.of(plain, 2);
            case TOKENS_OF_ITS_OWN -> kinds.of(plain, 3);
            case HEAD_OF_ITS_OWN_AND_LORA_OF_EMBEDDING -> kinds.of(plain, 4);
            case LORA_OF_HEAD -> plain.with(kinds.headPair());
            case LORA_OF_EMBEDDING_AND_HEAD -> plain.with(kinds.pairs());
        };
    }

    @TearDown
    public void close() {
        engine.close();
    }

    /** Sixteen answers at once. */
    @Benchmark
    public List<RecordedGeneration> answers() {
        List<RecordedGeneration> running = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            @Nullable AdapterDigest adapter =
                    adapters.isEmpty() ? null : adapters.get(i % adapters.size());
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(
                    new GenerationRequest(
                            "" + i,
                            adapter,
                            List.of(5, 9 + i, 2),
                            GenerationRequest.Ending.after(TOKENS),
                            Sampling.greedy(),
                            -1),
                    generation);
            running.add(generation);
        }
        running.forEach(generation -> generation.await(Duration.ofMinutes(2)));
        return running;
    }
}
