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
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand random batches: every request gives exactly the tokens and log-probabilities that it
 * gives alone in an engine that shares nothing. Prompts cross the borders of blocks and of pieces,
 * begin like others, and compete for a cache that holds few of them.
 */
@Timeout(300)
class RandomBatchesTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /** So long that pieces depend on tokens only, not on how busy the machine is. */
    private static final Duration GAP = Duration.ofMinutes(1);

    /** Lower levels of processors run the first of the batches: one in so many. */
    private static final int PART = Integer.getInteger("weft.test.part", 1);

    private static final int REQUESTS = 300;
    private static final int[] RANKS = {16, 8, 3, 1};
    private static final String MODEL =
            TinyCheckpoint.QWEN2.replace(
                    "\"max_position_embeddings\": 96", "\"max_position_embeddings\": 256");

    /** What computes the linear layers, in which precision, and that of keys and values. */
    enum Arithmetic {
        BF16(600, Kernels.Choice.AUTO, Precision.BF16, KvPrecision.INT16),
        INT8(600, Kernels.Choice.AUTO, Precision.INT8, KvPrecision.INT16),
        BF16_VECTOR(200, Kernels.Choice.VECTOR, Precision.BF16, KvPrecision.INT16),
        INT8_VECTOR(200, Kernels.Choice.VECTOR, Precision.INT8, KvPrecision.INT16),
        INT8_CACHE(400, Kernels.Choice.AUTO, Precision.BF16, KvPrecision.INT8);

        private final int batches;
        private final Kernels.Choice kernels;
        private final Precision precision;
        private final KvPrecision kvPrecision;

        Arithmetic(
                int batches, Kernels.Choice kernels, Precision precision, KvPrecision kvPrecision) {
            this.kvPrecision = kvPrecision;
            this.batches = batches / PART;
            this.kernels = kernels;
            this.precision = precision;
        }

        /** One request at a time, prompts in one piece, nothing shared. */
        CpuEngineSettings alone() {
            return new CpuEngineSettings(
                    new CpuEngineSettings.Compute(2, kernels, precision),
                    new CpuEngineSettings.Adapters(new ShelfSize(4, 0), 16),
                    new CpuEngineSettings.Batch(1, 256, 8, GAP, CpuEngineSettings.Drafts.of(0)),
                    new CpuEngineSettings.Context(0, 256, false, kvPrecision),
                    false);
        }

        /** Up to 7 rows in steps of up to 40 tokens, with a cache of 24 blocks. */
        CpuEngineSettings together() {
            return new CpuEngineSettings(
                    new CpuEngineSettings.Compute(2, kernels, precision),
                    new CpuEngineSettings.Adapters(new ShelfSize(4, 0), 16),
                    new CpuEngineSettings.Batch(7, 40, 16, GAP, CpuEngineSettings.Drafts.of(5)),
                    new CpuEngineSettings.Context(0, 24 * 16, true, kvPrecision));
        }
    }

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void aRequestGivesTheSameAloneAndAmongAnyOthers(Arithmetic arithmetic) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, MODEL, DType.BF16, false);
        SplittableRandom random = new SplittableRandom(20);
        List<GenerationRequest> requests = requests(tiny, random);
        List<List<TokenEvent>> expected;
        try (CpuEngine engine = open(tiny, arithmetic.alone())) {
            expected = requests.stream().map(request -> alone(engine, request)).toList();
        }
        try (CpuEngine engine = open(tiny, arithmetic.together())) {
            for (int batch = 0; batch < arithmetic.batches; batch++) {
                int[] picks = random.ints(1 + random.nextInt(8), 0, REQUESTS).toArray();
                runBatch(engine, "batch " + batch, picks, requests, expected);
            }
            assertEverythingHappened(engine.statistics(), arithmetic.batches);
        }
    }

    /** Checks that everything happened; else the batches would have shown nothing. */
    private static void assertEverythingHappened(EngineStatistics all, int batches) {
        BatchStatistics statistics = all.batch().orElseThrow();
        assertThat(statistics.mixedSteps()).isGreaterThan(batches);
        assertThat(all.tokens().prefixHit()).isGreaterThan(10L * batches);
        assertThat(statistics.yielded().blocks()).isGreaterThan(batches);
        assertThat(statistics.yielded().requests()).isGreaterThan(batches / 10);
    }

    private static void runBatch(
            CpuEngine engine,
            String name,
            int[] picks,
            List<GenerationRequest> requests,
            List<List<TokenEvent>> expected) {
        List<RecordedGeneration> together = new ArrayList<>();
        for (int pick : picks) {
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(requests.get(pick), generation);
            together.add(generation);
        }
        for (int i = 0; i < picks.length; i++) {
            together.get(i).await(DEADLINE);
            assertThat(together.get(i).events())
                    .as("%s: %s", name, requests.get(picks[i]))
                    .isEqualTo(expected.get(picks[i]));
        }
    }

    private static List<TokenEvent> alone(CpuEngine engine, GenerationRequest request) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request, generation);
        generation.await(DEADLINE);
        return generation.events();
    }

    /** Half of the requests go to the base, the others to four adapters. */
    private static List<GenerationRequest> requests(TinyCheckpoint tiny, SplittableRandom random) {
        List<LoraAdapter> adapters = adapters(tiny);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            int pick = random.nextInt(2 * RANKS.length);
            requests.add(
                    new GenerationRequest(
                            "r" + i,
                            pick < RANKS.length ? adapters.get(pick).digest() : null,
                            prompt(random),
                            GenerationRequest.Ending.after(1 + random.nextInt(10)),
                            sampling(random),
                            random.nextInt(4)));
        }
        return requests;
    }

    /** 1 to 200 tokens: none to all of them from one of three documents, the rest its own. */
    private static List<Integer> prompt(SplittableRandom random) {
        int length = 1 + random.nextInt(200);
        int common = Math.min(length, random.nextInt(256));
        int document = 1 + random.nextInt(3);
        return IntStream.range(0, length)
                .mapToObj(i -> i < common ? i * i * document % 67 : random.nextInt(70))
                .toList();
    }

    private static Sampling sampling(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Sampling.greedy();
            case 1 -> Sampling.of(1, random.nextLong());
            default ->
                    new Sampling(
                            1.3,
                            new Sampling.Cut(0.9, 20, 0.01),
                            new Sampling.Penalties(0.3, 0.2, 1.1),
                            random.nextLong(),
                            Map.of(5, 1.0));
        };
    }

    private static List<LoraAdapter> adapters(TinyCheckpoint tiny) {
        TinyKinds kinds = new TinyKinds(tiny.config().shape());
        return IntStream.range(0, RANKS.length)
                .mapToObj(i ->
                        kinds.of(
                                tiny.adapter(
                                        i + 1,
                                        RANKS[i],
                                        0.4f + 0.3f * i,
                                        i == 1
                                                ? EnumSet.of(LinearModule.Q, LinearModule.V)
                                                : EnumSet.copyOf(LinearModule.SEPARATE)),
                                i))
                .toList();
    }

    private static CpuEngine open(TinyCheckpoint tiny, CpuEngineSettings settings)
            throws IOException {
        CpuEngine engine = CpuEngine.open(tiny.folder(), settings, _ -> {});
        adapters(tiny).forEach(adapter -> engine.load(adapter.digest(), adapter));
        return engine;
    }
}
