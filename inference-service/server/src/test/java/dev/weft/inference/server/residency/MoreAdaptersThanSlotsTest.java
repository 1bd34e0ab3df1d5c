package dev.weft.inference.server.residency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.ArtifactSource;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded engine with a quarter of the slots that its adapters would need, and host memory for
 * a few more: adapters come and go by every way there is, and every request gets the tokens that it
 * gets alone.
 */
@Timeout(400)
class MoreAdaptersThanSlotsTest {
    private static final Path SAMPLE = Path.of("..", "..", "samples", "weft-tiny");
    private static final int SLOTS = 4;
    private static final int ADAPTERS = 4 * SLOTS;
    private static final int USERS = 24;

    /** Room for adapters that take about 300 KiB each. */
    private static final long HOST_CACHE = 2 << 20;

    private final LoadThreads loadThreads = LoadThreads.start();
    private final Map<AdapterDigest, Path> catalog = new HashMap<>();
    private final List<AdapterDigest> adapters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void everyRequestGetsWhatItGetsAlone() throws Exception {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(SLOTS, HOST_CACHE), 64),
                        new CpuEngineSettings.Batch(8, 32, 64),
                        new CpuEngineSettings.Context(64, 1024));
        try (CpuEngine engine = CpuEngine.open(SAMPLE.resolve("base"), settings, _ -> {})) {
            publish(engine);
            AdapterResidency residency = residency(engine);
            Map<AdapterDigest, List<Integer>> alone = new HashMap<>();
            for (AdapterDigest adapter : adapters) {
                alone.put(adapter, tokens(engine, residency, adapter));
            }
            assertThat(alone.values().stream().distinct().count()).isGreaterThan(SLOTS);

            List<Callable<Integer>> users = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                SplittableRandom random = new SplittableRandom(user);
                users.add(() -> {
                    for (int i = 0; i < 12; i++) {
                        AdapterDigest one = adapters.get(zipf(random));
                        assertThat(tokens(engine, residency, one)).isEqualTo(alone.get(one));
                    }
                    return 12;
                });
            }
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> user : threads.invokeAll(users, 300, TimeUnit.SECONDS)) {
                    assertThat(user.get()).isEqualTo(12);
                }
            }
            assertEveryWayWasTaken(engine.statistics().adapters());
            assertThat(residency.awaited()).isEmpty();
        } finally {
            loadThreads.close();
        }
    }

    private static void assertEveryWayWasTaken(AdapterStatistics end) {
        assertThat(end.slots().adapters()).isEqualTo(SLOTS);
        assertThat(end.hostCache().bytes()).isBetween(1L, HOST_CACHE);
        assertThat(end.loads()).isGreaterThan(ADAPTERS);
        assertThat(end.reloads()).isPositive();
        assertThat(end.hostCache().evictions()).isPositive();
        assertThat(end.loads() + end.reloads() - end.slots().evictions()).isEqualTo(SLOTS);
    }

    private static int zipf(SplittableRandom random) {
        return (int) Math.min(ADAPTERS, Math.pow(ADAPTERS + 1, random.nextDouble())) - 1;
    }

    private static List<Integer> tokens(
            CpuEngine engine, AdapterResidency residency, AdapterDigest adapter) throws Exception {
        Recorder recorder = new Recorder();
        Deadline deadline = Deadline.after(Duration.ofMinutes(3));
        try (AdapterLease lease = residency.lease(adapter, deadline)) {
            assertThat(lease).isNotNull();
            engine.start(
                    new GenerationRequest(
                            "r",
                            adapter,
                            List.of(5, 9, 13, 7),
                            new GenerationRequest.Ending(10, 10, List.of()),
                            Sampling.greedy(),
                            -1),
                    recorder);
            return recorder.all.get(180, TimeUnit.SECONDS);
        }
    }

    /** Variants of the sample adapters, each with an alpha of its own, and so another digest. */
    private void publish(CpuEngine engine) throws IOException {
        List<String> samples = List.of("sql", "json", "french");
        for (int i = 0; i < ADAPTERS; i++) {
            Path variant = folder.resolve("variant-" + i);
            Path sample = SAMPLE.resolve("adapters").resolve(samples.get(i % samples.size()));
            CanonicalAdapter.write(sample, variant);
            Path config = variant.resolve("adapter_config.json");
            String alpha = "\"lora_alpha\": " + (16 + 12 * i);
            Files.writeString(
                    config,
                    Files.readString(config).replaceFirst("\"lora_alpha\": [0-9.]+", alpha));
            LoraCheck check = LoraFolder.check(variant, engine.description().model().shape(), 64);
            assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
            try (var adapter = ((LoraCheck.Accepted) check).adapter()) {
                catalog.put(adapter.digest(), variant);
                adapters.add(adapter.digest());
            }
        }
    }

    private AdapterResidency residency(CpuEngine engine) {
        ArtifactSource source =
                (digest, to) -> {
                    Path from = Objects.requireNonNull(catalog.get(digest));
                    for (String name : CanonicalAdapter.files(from)) {
                        Files.copy(from.resolve(name), to.resolve(name));
                    }
                };
        AdapterReader reader =
                new AdapterReader() {
                    @Override
                    public LoraCheck read(Path adapter) {
                        return LoraFolder.check(adapter, engine.description().model().shape(), 64);
                    }

                    @Override
                    public LoraCheck reopen(Path adapter, AdapterDigest digest) {
                        return LoraFolder.reopen(
                                adapter, engine.description().model().shape(), 64, digest);
                    }
                };
        ArtifactCache store =
                new ArtifactCache(folder.resolve("store"), source, reader, loadThreads);
        return new AdapterResidency(engine, store, loadThreads, Clock.systemUTC());
    }

    private static final class Recorder implements GenerationListener {
        private final List<Integer> tokens = new ArrayList<>();
        private final CompletableFuture<List<Integer>> all = new CompletableFuture<>();

        @Override
        public void onPrompt(int cachedTokens) {}

        @Override
        public void onToken(TokenEvent event) {
            tokens.add(event.token());
        }

        @Override
        public void onFinish(FinishReason reason) {
            all.complete(tokens);
        }

        @Override
        public void onError(EngineException error) {
            all.completeExceptionally(error);
        }
    }
}
