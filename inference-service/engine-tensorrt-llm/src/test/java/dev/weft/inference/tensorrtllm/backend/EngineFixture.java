package dev.weft.inference.tensorrtllm.backend;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmEngine;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine on the test backend, opened by each test as it needs it. */
@Timeout(400)
public abstract class EngineFixture {
    public static final Duration DEADLINE = Duration.ofMinutes(3);
    public static final List<Integer> PROMPT = List.of(5, 9, 13, 7);

    @TempDir protected Path folder;
    protected Path base;
    private @Nullable TensorRtLlmEngine engine;

    @BeforeAll
    public static void load() {
        TestBackend.load();
    }

    @BeforeEach
    protected void writeBase() throws IOException {
        base = RandomBase.write(folder.resolve("base"));
    }

    @AfterEach
    protected void close() {
        if (engine != null) {
            engine.close();
        }
    }

    protected final TensorRtLlmEngine open(TestEngine model) throws IOException {
        TensorRtLlmEngine opened =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(model.write(folder)),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {});
        engine = opened;
        return opened;
    }

    protected final TestEngine model() {
        return TestEngine.of(base);
    }

    public static AdapterDigest load(TensorRtLlmEngine engine, LoraAdapter adapter) {
        engine.load(adapter.digest(), adapter);
        return adapter.digest();
    }

    public static List<Integer> tokens(
            TensorRtLlmEngine engine, @Nullable AdapterDigest adapter, int count) {
        return run(engine, adapter, count, List.of(), Sampling.greedy()).tokensAtTheEnd(DEADLINE);
    }

    public static RecordedGeneration run(
            TensorRtLlmEngine engine,
            @Nullable AdapterDigest adapter,
            int count,
            List<Integer> stop,
            Sampling sampling) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request(adapter, count, stop, sampling), generation);
        return generation;
    }

    public static GenerationRequest request(
            @Nullable AdapterDigest adapter, int count, List<Integer> stop, Sampling sampling) {
        return new GenerationRequest(
                "test",
                adapter,
                PROMPT,
                new GenerationRequest.Ending(count, 0, stop),
                sampling,
                -1);
    }
}
