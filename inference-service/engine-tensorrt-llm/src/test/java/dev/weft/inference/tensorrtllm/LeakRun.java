package dev.weft.inference.tensorrtllm;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests with misses of the adapters' cache, errors and cancels, and prints the process's
 * memory after each tenth of them: {@code LeakRun FOLDER REQUESTS}. Run it with a heap of fixed
 * size that is touched before.
 */
final class LeakRun {
    private static final int AT_ONCE = 16;
    private static final int ADAPTERS = 6;
    private static final int PARTS = 10;

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    private LeakRun() {}

    public static void main(String[] arguments) throws Exception {
        TestBackend.load();
        new LeakRun().run(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    }

    private void run(Path folder, int requests) throws Exception {
        Path base = RandomBase.write(folder.resolve("base"));
        LoraAdapter first = RandomBase.adapter(1, 4);
        long bytes = new PackedSize(first).bytes();
        Path repository =
                TestEngine.of(base)
                        // three of six adapters fit
                        .model("lora_cache_host_memory_bytes", bytes * 7 / 2)
                        .model("test_fail_every", 7)
                        .write(folder);
        try (TensorRtLlmEngine engine =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(repository, ADAPTERS),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {})) {
            List<AdapterDigest> adapters = new ArrayList<>();
            for (int i = 1; i <= ADAPTERS; i++) {
                LoraAdapter adapter = RandomBase.adapter(i, 4);
                engine.load(adapter.digest(), adapter);
                adapters.add(adapter.digest());
            }
            for (int part = 1; part <= PARTS; part++) {
                for (int i = 0; i < requests / PARTS; i++) {
                    request(engine, adapters.get((i / 5) % ADAPTERS), i);
                }
                free.acquire(AT_ONCE);
                free.release(AT_ONCE);
                System.out.printf(
                        "%d requests, %d finished, %d failed, %d cancelled, %d sent again: %d"
                                + " KiB%n",
                        requests / PARTS * part,
                        finished.get(),
                        failed.get(),
                        cancelled.get(),
                        engine.sentAgain(),
                        residentKib());
            }
        }
    }

    private void request(TensorRtLlmEngine engine, AdapterDigest adapter, int number)
            throws InterruptedException {
        free.acquire();
        Generation generation =
                engine.start(
                        new GenerationRequest(
                                "leak",
                                adapter,
                                List.of(5, 9, 13, 3 + number % 60),
                                new GenerationRequest.Ending(
                                        number % 11 == 0 ? 400 : 4, 0, List.of(69)),
                                Sampling.of(1, number),
                                number % 3 == 0 ? 2 : -1),
                        new Counting());
        if (number % 11 == 0) {
            generation.cancel();
        }
    }

    private final class Counting implements GenerationListener {
        @Override
        public void onPrompt(int cachedTokens) {}

        @Override
        public void onToken(TokenEvent event) {}

        @Override
        public void onFinish(FinishReason reason) {
            (reason == FinishReason.CANCELLED ? cancelled : finished).incrementAndGet();
            free.release();
        }

        @Override
        public void onError(EngineException error) {
            failed.incrementAndGet();
            free.release();
        }
    }

    private static long residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }

    /** Bytes of an adapter's weights in the cache of the test backend, in float16. */
    private record PackedSize(LoraAdapter adapter) {
        long bytes() {
            long longest =
                    adapter.pairs().stream()
                            .mapToLong(pair -> pair.a().elements() + pair.b().elements())
                            .max()
                            .orElseThrow();
            return 2 * longest * adapter.pairs().size();
        }
    }
}
