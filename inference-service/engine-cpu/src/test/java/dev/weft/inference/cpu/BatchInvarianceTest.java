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
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A request gives the same tokens alone and among any others: under every popularity of adapters,
 * with ranks, modules and scales mixed, base rows among them, prompts in chunks, few KV blocks so
 * that rows are preempted, on both fast kernels and in both precisions.
 */
class BatchInvarianceTest {
    private static final int ADAPTERS = 6;
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Which adapter request i of a batch takes; -1 for the base. */
    private enum Popularity {
        IDENTICAL,
        DISTINCT,
        UNIFORM,
        ZIPF,
        SKEWED;

        int pick(int i, SplittableRandom random) {
            return switch (this) {
                case IDENTICAL -> 0;
                case DISTINCT -> i % (ADAPTERS + 1) - 1;
                case UNIFORM -> random.nextInt(ADAPTERS + 1) - 1;
                case ZIPF -> (int) Math.min(ADAPTERS, 1 / (1 - random.nextDouble())) - 1;
                case SKEWED -> random.nextInt(10) == 0 ? 1 + random.nextInt(ADAPTERS - 1) : -1;
            };
        }
    }

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "IDENTICAL, AUTO, BF16, INT16",
        "DISTINCT, AUTO, BF16, INT16",
        "UNIFORM, AUTO, BF16, INT16",
        "ZIPF, AUTO, BF16, INT16",
        "SKEWED, AUTO, BF16, INT16",
        "DISTINCT, VECTOR, BF16, INT16",
        "ZIPF, VECTOR, BF16, INT16",
        "DISTINCT, AUTO, INT8, INT16",
        "UNIFORM, AUTO, INT8, INT16",
        "ZIPF, VECTOR, INT8, INT16",
        "UNIFORM, AUTO, BF16, INT8",
        "ZIPF, VECTOR, INT8, INT8"
    })
    void companionsChangeNothing(
            String popularity, Kernels.Choice kernels, Precision precision, KvPrecision kvPrecision)
            throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, precision),
                        new CpuEngineSettings.Adapters(new ShelfSize(ADAPTERS, 0), 16),
                        new CpuEngineSettings.Batch(9, 24, 64),
                        new CpuEngineSettings.Context(0, 400, true, kvPrecision));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            List<AdapterDigest> adapters = load(engine, tiny);
            SplittableRandom random = new SplittableRandom(popularity.hashCode());
            for (int batch = 0; batch < 12; batch++) {
                runBatch(engine, adapters, Popularity.valueOf(popularity), random);
            }
            awaitEmptyCache(engine);
        }
    }

    /** Statistics follow the listeners' last events by the rest of a step. */
    private static void awaitEmptyCache(CpuEngine engine) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (engine.statistics().kv().used() != 0) {
            assertThat(System.nanoTime()).as("KV blocks were lost").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void runBatch(
            CpuEngine engine,
            List<AdapterDigest> adapters,
            Popularity popularity,
            SplittableRandom random) {
        Map<GenerationRequest, RecordedGeneration> together = new HashMap<>();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int pick = popularity.pick(i, random);
            requests.add(request(pick < 0 ? null : adapters.get(pick), random));
        }
        for (GenerationRequest request : requests) {
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(request, generation);
            together.put(request, generation);
        }
        together.values().forEach(generation -> generation.await(DEADLINE));
        for (GenerationRequest request : requests.subList(0, 4)) {
            RecordedGeneration alone = new RecordedGeneration();
            engine.start(request, alone);
            alone.await(DEADLINE);
            assertThat(together.get(request))
                    .extracting(RecordedGeneration::events)
                    .as("%s", request)
                    .isEqualTo(alone.events());
        }
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, SplittableRandom random) {
        List<Integer> prompt = new ArrayList<>();
        int length = 1 + random.nextInt(40);
        for (int i = 0; i < length; i++) {
            prompt.add(random.nextInt(70));
        }
        Sampling sampling =
                random.nextBoolean()
                        ? Sampling.greedy()
                        : new Sampling(
                                1.2,
                                new Sampling.Cut(0.9, 20, 0.01),
                                new Sampling.Penalties(0.3, 0.2, 1.1),
                                random.nextLong(),
                                Map.of(5, 1.0));
        int tokens = 1 + random.nextInt(30);
        return new GenerationRequest(
                "r" + random.nextLong(),
                adapter,
                prompt,
                GenerationRequest.Ending.after(tokens),
                sampling,
                2);
    }

    private static List<AdapterDigest> load(CpuEngine engine, TinyCheckpoint tiny) {
        List<Set<LinearModule>> modules =
                List.of(
                        EnumSet.copyOf(LinearModule.SEPARATE),
                        EnumSet.of(LinearModule.Q, LinearModule.V),
                        EnumSet.of(LinearModule.DOWN),
                        EnumSet.of(LinearModule.K, LinearModule.O, LinearModule.UP));
        int[] ranks = {16, 8, 4, 1, 3, 12};
        TinyKinds kinds = new TinyKinds(tiny.config().shape());
        List<AdapterDigest> digests = new ArrayList<>();
        for (int i = 0; i < ADAPTERS; i++) {
            LoraAdapter adapter =
                    kinds.of(
                            tiny.adapter(
                                    i + 1,
                                    ranks[i],
                                    0.3f + 0.4f * i,
                                    modules.get(i % modules.size())),
                            i);
            engine.load(adapter.digest(), adapter);
            digests.add(adapter.digest());
        }
        return digests;
    }
}
