package dev.weft.inference.cpu;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What each kind of adapter costs: 16 answers of 32 tokens, or vectors of 16 prompts, in one batch
 * over four adapters. The bases have SmolLM2-135M's shape and random weights: with a matrix for
 * each module, with fused projections, or with as wide feed-forward layers in four of eight
 * experts. {@code PAIRS} is plain LoRA, rank 16 on all modules; most other kinds have the same
 * pairs and something more.
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

    /** Tokens of the prompts of which a vector is made. */
    private static final int PROMPT = 64;

    /** A base. */
    private enum Base {
        SEPARATE("llama", ""),
        FUSED("phi3", ""),
        EXPERTS(
                "qwen3_moe",
                """
                , "num_experts": 8, "num_experts_per_tok": 4, "moe_intermediate_size": 384\
                """);

        private final String family;
        private final String more;

        Base(String family, String more) {
            this.family = family;
            this.more = more;
        }

        private Set<LinearModule> modules() {
            return switch (this) {
                case SEPARATE -> EnumSet.copyOf(LinearModule.SEPARATE);
                case FUSED ->
                        EnumSet.of(
                                LinearModule.QKV,
                                LinearModule.O,
                                LinearModule.GATE_UP,
                                LinearModule.DOWN);
                case EXPERTS ->
                        EnumSet.of(LinearModule.Q, LinearModule.K, LinearModule.V, LinearModule.O);
            };
        }

        private String config() {
            return """
            {"model_type": "%s", "hidden_size": 576, "num_hidden_layers": 30,
             "num_attention_heads": 9, "num_key_value_heads": 3, "head_dim": 64,
             "intermediate_size": 1536, "vocab_size": 49152, "max_position_embeddings": 128,
             "rms_norm_eps": 1e-5, "tie_word_embeddings": true%s}
            """
                    .formatted(family, more);
        }
    }

    /** What adapters have beside their pairs, and what is asked of them. */
    public enum Kind {
        /** No adapter. */
        BASE(Base.SEPARATE),
        PAIRS(Base.SEPARATE),
        RANK_128(Base.SEPARATE),
        RANK_256(Base.SEPARATE),
        DORA(Base.SEPARATE),
        BIASES_AND_NORMS(Base.SEPARATE),
        TOKENS_OF_ITS_OWN(Base.SEPARATE),
        EMBEDDING_OF_ITS_OWN(Base.SEPARATE),
        HEAD_OF_ITS_OWN(Base.SEPARATE),
        HEAD_OF_ITS_OWN_AND_LORA_OF_EMBEDDING(Base.SEPARATE),
        LORA_OF_HEAD(Base.SEPARATE),
        LORA_OF_EMBEDDING_AND_HEAD(Base.SEPARATE),
        /** aLoRA, whose invocation ends the prompt. */
        INVOKED(Base.SEPARATE),
        BASE_OF_FUSED_PROJECTIONS(Base.FUSED),
        PAIRS_OF_FUSED_PROJECTIONS(Base.FUSED),
        BASE_OF_EXPERTS(Base.EXPERTS),
        PAIRS_BESIDE_EXPERTS(Base.EXPERTS),
        PAIRS_AND_EXPERTS(Base.EXPERTS),
        /** One token after each prompt. */
        PROMPTS(Base.SEPARATE),
        /** The mean vector of each prompt. */
        VECTORS(Base.SEPARATE),
        LABELS(Base.SEPARATE);

        private final Base base;

        Kind(Base base) {
            this.base = base;
        }

        /** What it is compared with: plain pairs on the same base, asked for the same. */
        private Kind plain() {
            return switch (base) {
                case SEPARATE -> isOfPrompts() ? PROMPTS : PAIRS;
                case FUSED -> PAIRS_OF_FUSED_PROJECTIONS;
                case EXPERTS -> PAIRS_BESIDE_EXPERTS;
            };
        }

        private boolean isOfPrompts() {
            return this == PROMPTS || this == VECTORS || this == LABELS;
        }

        private boolean isBase() {
            return this == BASE || this == BASE_OF_FUSED_PROJECTIONS || this == BASE_OF_EXPERTS;
        }
    }

    @Param Kind kind;

    private Loaded measured;
    private Loaded plain;
    private int prompts;

    /** Of each measured run, its time over that of the plain one before it. */
    private final List<Double> ratios = new ArrayList<>();

    private boolean counts;
    private long plainNanos;
    private long begun;

    /** An engine with the adapters of a kind. */
    private record Loaded(Kind kind, CpuEngine engine, List<AdapterDigest> adapters) {}

    /** Writes the bases and loads the adapters. */
    @Setup
    public void open() throws IOException {
        measured = open(kind);
        plain = open(kind.plain());
    }

    private static Loaded open(Kind kind) throws IOException {
        Path folder = Files.createTempDirectory("kinds");
        TinyCheckpoint base = TinyCheckpoint.write(folder, kind.base.config(), DType.BF16, false);
        CpuEngine engine =
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
        List<AdapterDigest> adapters = new ArrayList<>();
        for (int i = 0; i < ADAPTERS && !kind.isBase(); i++) {
            LoraAdapter adapter = adapter(kind, base, i + 1);
            engine.load(adapter.digest(), adapter);
            adapters.add(adapter.digest());
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        return new Loaded(kind, engine, adapters);
    }

    /** Counts what is measured alone. */
    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
        counts = iteration.getType() == IterationType.MEASUREMENT;
    }

    /** Runs the plain kind right before, since a shared machine is now fast and now slow. */
    @Setup(Level.Invocation)
    public void runPlain() {
        long start = System.nanoTime();
        run(plain);
        begun = System.nanoTime();
        plainNanos = begun - start;
    }

    @TearDown(Level.Invocation)
    public void compare() {
        if (counts) {
            ratios.add((double) (System.nanoTime() - begun) / plainNanos);
        }
    }

    private static LoraAdapter adapter(Kind kind, TinyCheckpoint base, int number) {
        int rank =
                switch (kind) {
                    case RANK_128 -> 128;
                    case RANK_256 -> 256;
                    default -> 16;
                };
        LoraAdapter plain = base.adapter(number, rank, 0.1f, kind.base.modules());
        TinyKinds kinds = new TinyKinds(base.config().shape());
        return switch (kind) {
            case BASE,
                    PAIRS,
                    RANK_128,
                    RANK_256,
                    BASE_OF_FUSED_PROJECTIONS,
                    PAIRS_OF_FUSED_PROJECTIONS,
                    BASE_OF_EXPERTS,
                    PAIRS_BESIDE_EXPERTS,
                    PROMPTS,
                    VECTORS ->
                    plain;
            case DORA -> kinds.dora(plain);
            case BIASES_AND_NORMS -> kinds.of(plain, 2);
            case TOKENS_OF_ITS_OWN -> kinds.of(plain, 3);
            case EMBEDDING_OF_ITS_OWN -> plain.with(kinds.copy(Edge.EMBEDDING));
            case HEAD_OF_ITS_OWN -> plain.with(kinds.copy(Edge.HEAD));
            case HEAD_OF_ITS_OWN_AND_LORA_OF_EMBEDDING -> kinds.of(plain, 4);
            case LORA_OF_HEAD -> plain.with(kinds.headPair());
            case LORA_OF_EMBEDDING_AND_HEAD -> plain.with(kinds.pairs());
            case INVOKED -> TinyKinds.invoked(plain, List.of(2));
            case PAIRS_AND_EXPERTS -> plain.with(kinds.experts(rank));
            case LABELS -> kinds.classifier(plain, 3);
        };
    }

    /** Prints how the kind compares with the plain one. */
    @TearDown
    public void close() {
        measured.engine.close();
        plain.engine.close();
        Collections.sort(ratios);
        int count = ratios.size();
        System.out.printf(
                Locale.ROOT,
                "%n%s over %s: %.2f (%.2f to %.2f, median and quartiles of %d)%n",
                kind,
                kind.plain(),
                ratios.get(count / 2),
                ratios.get(count / 4),
                ratios.get(count * 3 / 4),
                count);
    }

    /** Sixteen at once. */
    @Benchmark
    public List<RecordedGeneration> answers() {
        return run(measured);
    }

    private List<RecordedGeneration> run(Loaded loaded) {
        List<RecordedGeneration> running = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            @Nullable AdapterDigest adapter =
                    loaded.adapters.isEmpty()
                            ? null
                            : loaded.adapters.get(i % loaded.adapters.size());
            RecordedGeneration generation = new RecordedGeneration();
            loaded.engine.start(request(loaded.kind, i, adapter), generation);
            running.add(generation);
        }
        running.forEach(generation -> generation.await(Duration.ofMinutes(2)));
        return running;
    }

    private GenerationRequest request(Kind asked, int row, @Nullable AdapterDigest adapter) {
        if (asked == Kind.VECTORS || asked == Kind.LABELS) {
            return GenerationRequest.pooled(
                    "" + row,
                    adapter,
                    prompt(asked, row),
                    asked == Kind.LABELS ? PooledOutput.LABELS : PooledOutput.MEAN,
                    Owner.NOBODY);
        }
        return new GenerationRequest(
                "" + row,
                adapter,
                prompt(asked, row),
                GenerationRequest.Ending.after(asked.isOfPrompts() ? 1 : TOKENS),
                Sampling.greedy(),
                -1);
    }

    /** No two of a benchmark begin alike, so that none finds its tokens in the cache. */
    private List<Integer> prompt(Kind asked, int row) {
        if (!asked.isOfPrompts()) {
            return List.of(5, 9 + row, 2);
        }
        prompts++;
        return IntStream.range(0, PROMPT).mapToObj(i -> (prompts * 31 + i * 7) % 49_000).toList();
    }
}
