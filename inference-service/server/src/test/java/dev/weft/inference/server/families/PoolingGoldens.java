package dev.weft.inference.server.families;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adapters that make vectors and scores, beside one that makes text, and transformers' figures. */
record PoolingGoldens(
        CpuEngine engine,
        AdapterDigest embedding,
        AdapterDigest classify,
        AdapterDigest text,
        JsonNode json)
        implements AutoCloseable {
    static final Path FOLDER = FamilyGoldens.FOLDER.resolve("pooling");
    private static final Path SAMPLE = Path.of("../../../shared/sample-model/base");
    private static final int MAX_RANK = 16;

    /** Shorter than the longer prompts, so that these are cut. */
    private static final int STEP_TOKENS = 48;

    /** A prompt, what is wanted of it, and what transformers computes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Golden(
            String name,
            List<Integer> prompt,
            @Nullable AdapterDigest adapter,
            PooledOutput output,
            float[] expected) {
        RecordedGeneration start(CpuEngine engine) {
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(
                    GenerationRequest.pooled("golden", adapter, prompt, output, Owner.NOBODY),
                    generation);
            return generation;
        }
    }

    static PoolingGoldens open(Kernels.Choice kernels) throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(3, 0), MAX_RANK),
                        new CpuEngineSettings.Batch(16, STEP_TOKENS, 1024),
                        new CpuEngineSettings.Context(0, 0));
        CpuEngine engine = CpuEngine.open(SAMPLE, settings, _ -> {});
        JsonNode goldens =
                JsonMapper.shared()
                        .readTree(Files.readString(FamilyGoldens.FOLDER.resolve("goldens.json")));
        return new PoolingGoldens(
                engine,
                load(engine, FOLDER.resolve("embedding")),
                load(engine, FOLDER.resolve("classify")),
                load(engine, FamilyGoldens.FOLDER.resolve("kinds").resolve("dora")),
                goldens.path("pooling"));
    }

    private static AdapterDigest load(CpuEngine engine, Path folder) throws IOException {
        ModelConfig config = ModelConfig.read(SAMPLE.resolve("config.json"));
        return switch (LoraFolder.check(folder, config.shape(), MAX_RANK)) {
            case LoraCheck.Accepted accepted -> {
                try (var adapter = accepted.adapter()) {
                    engine.load(adapter.digest(), adapter);
                    yield adapter.digest();
                }
            }
            case LoraCheck.Refused refused -> throw new AssertionError(folder + ": " + refused);
        };
    }

    /** So many of each, the adapters and the base taking turns. */
    List<Golden> goldens(int prompts) {
        List<Golden> goldens = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            JsonNode own = json.path("embedding").path(i);
            add(goldens, "embedding, last token", own, "last", embedding, PooledOutput.LAST);
            add(goldens, "embedding, mean", own, "mean", embedding, PooledOutput.MEAN);
            add(goldens, "base, last token", own, "base_last", null, PooledOutput.LAST);
            add(goldens, "base, mean", own, "base_mean", null, PooledOutput.MEAN);
            JsonNode labels = json.path("classify").path(i);
            add(goldens, "classify, labels", labels, "scores", classify, PooledOutput.LABELS);
        }
        return goldens;
    }

    private static void add(
            List<Golden> goldens,
            String name,
            JsonNode from,
            String field,
            @Nullable AdapterDigest adapter,
            PooledOutput output) {
        List<Integer> prompt = new ArrayList<>();
        from.path("ids").forEach(id -> prompt.add(id.intValue()));
        float[] expected = new float[from.path(field).size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = from.path(field).path(i).floatValue();
        }
        goldens.add(new Golden(name, prompt, adapter, output, expected));
    }

    /** An answer by the adapter that makes text, or by the base. */
    RecordedGeneration generate(List<Integer> prompt, boolean byAdapter) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "text",
                        byAdapter ? text : null,
                        prompt,
                        GenerationRequest.Ending.after(12),
                        Sampling.greedy(),
                        1),
                generation);
        return generation;
    }

    @Override
    public void close() {
        engine.close();
    }
}
