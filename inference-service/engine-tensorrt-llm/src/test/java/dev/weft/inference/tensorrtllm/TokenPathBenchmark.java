package dev.weft.inference.tensorrtllm;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a token costs from the backend's send to the listener, with a backend that needs no time for
 * it: 32 answers of 500 tokens at once. The backend's and Triton's own work for a response is in
 * it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class TokenPathBenchmark {
    static final int STREAMS = 32;
    static final int TOKENS = 500;

    private @Nullable TensorRtLlmEngine engine;

    @Setup
    public void open() throws IOException {
        TestBackend.load();
        Path folder = Files.createTempDirectory("weft-token-path");
        Path base = RandomBase.write(folder.resolve("base"));
        Path repository =
                TestEngine.of(base)
                        .built("max_batch_size", STREAMS)
                        .model("batch", STREAMS)
                        .model("test_instant", true)
                        .write(folder);
        engine =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(repository),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {});
    }

    @TearDown
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** One operation is a token. */
    @Benchmark
    @OperationsPerInvocation(STREAMS * TOKENS)
    public void token() throws InterruptedException {
        TensorRtLlmEngine opened = engine;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        CountDownLatch left = new CountDownLatch(STREAMS);
        for (int i = 0; i < STREAMS; i++) {
            opened.start(
                    new GenerationRequest(
                            "token",
                            null,
                            List.of(5, 9, 13, 7),
                            GenerationRequest.Ending.after(TOKENS),
                            Sampling.greedy(),
                            -1),
                    new Ended(left));
        }
        left.await();
    }

    private record Ended(CountDownLatch left) implements GenerationListener {
        @Override
        public void onPrompt(int cachedTokens) {}

        @Override
        public void onToken(TokenEvent event) {}

        @Override
        public void onFinish(FinishReason reason) {
            left.countDown();
        }

        @Override
        public void onError(EngineException error) {
            throw error;
        }
    }
}
