package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.onednn.OneDnnHere;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.golden.ModelsPage;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real model with real adapters against reference outputs in float32: every golden of the base
 * and of all adapters runs at once, mixed in the same batches.
 */
class SmolLm2GoldenTest {
    private static final Path SHARED = Path.of("../../../shared");
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    /**
     * What an engine may differ by.
     *
     * @param nearTie another token may be taken only if the two best are closer than that
     * @param mean difference of log-probability
     */
    private record Bounds(double nearTie, double mean) {
        /** Of inputs of linear layers in float, and of those in bf16. */
        static Bounds of(Kernels.Choice kernels) {
            return kernels == Kernels.Choice.VECTOR
                    ? new Bounds(0.02, 0.001)
                    : new Bounds(0.1, 0.01);
        }
    }

    private static final String ROW =
            ModelsPage.row("llama", "SmolLM2-135M-Instruct and three adapters");
    private static final List<String> ADAPTERS = List.of("sql", "json", "french");

    /** One of so many goldens runs: fewer at lower levels of processors. */
    private static final int PART = Integer.getInteger("weft.test.part", 1);

    /** Prompts of each adapter that run on arrays; the other goldens run on PEFT's files. */
    private static final int PROMPTS_OF_ARRAYS = 2;

    private static final int PROMPTS_OF_MERGED = 4;

    private record Golden(String adapter, JsonNode expected, RecordedGeneration actual) {}

    static boolean sharedIsThere() {
        return Files.isDirectory(SHARED.resolve("models"));
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "ONEDNN"})
    @EnabledIf(value = "sharedIsThere", disabledReason = "needs shared/models beside the checkout")
    void everyGoldenIsReproducedUpToNearTies(Kernels.Choice kernels) throws Exception {
        try (CpuEngine engine = open(unpack(), kernels)) {
            Map<String, @Nullable AdapterDigest> adapters = loadAdapters(engine);
            List<Golden> goldens = startAll(engine, adapters);
            GoldenComparison comparison = compare(goldens, Bounds.of(kernels));
            if (kernels == Kernels.Choice.VECTOR && PART == 1) {
                ModelsPage.check(
                        ModelsPage.Part.REAL_MODEL, new TreeMap<>(Map.of(ROW, comparison)));
            }
            assertThat(engine.statistics().batch().orElseThrow().mixedSteps()).isPositive();
        }
    }

    /** The sum is rounded to the base's precision, as PEFT's own merge in bf16 rounds it. */
    @Test
    @EnabledIf(value = "sharedIsThere", disabledReason = "needs shared/models beside the checkout")
    void anAdapterThatIsMergedReproducesItsGoldens() throws Exception {
        Path model = unpack();
        try (CpuEngine engine = open(model, Kernels.Choice.VECTOR)) {
            ModelConfig config = ModelConfig.read(model.resolve("config.json"));
            for (String name : ADAPTERS) {
                AdapterDigest digest = load(engine, SHARED.resolve("adapters/" + name), config);
                assertThat(engine.merge(digest)).as(name).isTrue();
                List<Golden> goldens = new ArrayList<>();
                for (int i = 0; i < PROMPTS_OF_MERGED; i++) {
                    JsonNode expected = goldens().path(name).path(i);
                    RecordedGeneration actual = new RecordedGeneration();
                    engine.start(request(digest, expected), actual);
                    goldens.add(new Golden(name, expected, actual));
                }
                compare(goldens, Bounds.of(Kernels.Choice.ONEDNN));
                engine.unmerge();
            }
        }
    }

    @Test
    @EnabledIf(value = "sharedIsThere", disabledReason = "needs shared/models beside the checkout")
    void adaptersOfTensorRtLlmsArraysReproduceTheGoldensOfTheirPeftFiles(@TempDir Path folder)
            throws Exception {
        Path model = unpack();
        try (CpuEngine engine = open(model, Kernels.Choice.VECTOR)) {
            ModelConfig config = ModelConfig.read(model.resolve("config.json"));
            List<Golden> goldens = new ArrayList<>();
            for (String name : ADAPTERS) {
                Path arrays = folder.resolve(name);
                try (LoraAdapter peft = accepted(SHARED.resolve("adapters/" + name), config);
                        Arena arena = Arena.ofConfined()) {
                    LoraArrays.of(peft, NpyType.FLOAT32, arena).write(arrays);
                }
                AdapterDigest digest = load(engine, arrays, config);
                for (int i = 0; i < PROMPTS_OF_ARRAYS; i++) {
                    JsonNode expected = goldens().path(name).path(i);
                    RecordedGeneration actual = new RecordedGeneration();
                    engine.start(request(digest, expected), actual);
                    goldens.add(new Golden(name, expected, actual));
                }
            }
            compare(goldens, Bounds.of(Kernels.Choice.VECTOR));
        }
    }

    private static CpuEngine open(Path model, Kernels.Choice kernels) throws IOException {
        try (Team team = new Team(1)) {
            // Ends the test if they are missing here.
            OneDnnHere.kernels(kernels, Precision.BF16, team, 1);
        }
        CpuEngineSettings any = CpuEngineSettings.defaults();
        CpuEngineSettings.Compute compute =
                new CpuEngineSettings.Compute(any.compute().threads(), kernels, Precision.BF16);
        CpuEngineSettings settings =
                new CpuEngineSettings(compute, any.adapters(), any.batch(), any.context());
        return CpuEngine.open(model, settings, _ -> {});
    }

    private static GoldenComparison compare(List<Golden> goldens, Bounds bounds) {
        GoldenComparison total = new GoldenComparison(bounds.nearTie);
        for (Golden golden : goldens) {
            golden.actual.await(DEADLINE);
            total.add(
                    golden.expected.path("tokens"),
                    golden.expected.path("top5"),
                    golden.actual.events());
            assertThat(total.wide())
                    .as("%s: %s", golden.adapter, golden.expected.path("text"))
                    .isZero();
        }
        assertThat(total.mean()).as(total.toString()).isLessThan(bounds.mean);
        return total;
    }

    private static JsonNode goldens() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(SHARED.resolve("goldens/smollm2.json")))
                .path("goldens");
    }

    private static List<Golden> startAll(
            CpuEngine engine, Map<String, @Nullable AdapterDigest> adapters) throws IOException {
        JsonNode root = goldens();
        List<Golden> goldens = new ArrayList<>();
        for (int i = 0; i < root.path("base").size() / PART; i++) {
            for (String adapter : adapters.keySet()) {
                JsonNode expected = root.path(adapter).path(i);
                RecordedGeneration actual = new RecordedGeneration();
                engine.start(request(adapters.get(adapter), expected), actual);
                goldens.add(new Golden(adapter, expected, actual));
            }
        }
        return goldens;
    }

    private static GenerationRequest request(@Nullable AdapterDigest adapter, JsonNode golden) {
        List<Integer> prompt = new ArrayList<>();
        golden.path("prompt_ids").forEach(id -> prompt.add(id.asInt()));
        return new GenerationRequest(
                "golden",
                adapter,
                prompt,
                new GenerationRequest.Ending(64, 0, List.of(2)),
                Sampling.greedy(),
                5);
    }

    private static Map<String, @Nullable AdapterDigest> loadAdapters(CpuEngine engine)
            throws IOException {
        Map<String, @Nullable AdapterDigest> digests = new HashMap<>();
        digests.put("base", null);
        ModelConfig config = ModelConfig.read(unpacked().resolve("config.json"));
        for (String name : ADAPTERS) {
            digests.put(name, load(engine, SHARED.resolve("adapters/" + name), config));
        }
        return digests;
    }

    private static AdapterDigest load(CpuEngine engine, Path folder, ModelConfig config) {
        try (LoraAdapter adapter = accepted(folder, config)) {
            engine.load(adapter.digest(), adapter);
            return adapter.digest();
        }
    }

    private static LoraAdapter accepted(Path folder, ModelConfig config) {
        if (LoraFolder.check(folder, config.shape(), 64) instanceof LoraCheck.Accepted accepted) {
            return accepted.adapter();
        }
        throw new AssertionError(folder + ": " + LoraFolder.check(folder, config.shape(), 64));
    }

    private static Path unpacked() {
        return Path.of("target/models/SmolLM2-135M-Instruct").toAbsolutePath();
    }

    private static Path unpack() throws Exception {
        Path target = unpacked();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "Unpack.java",
                                target.toString())
                        .directory(SHARED.resolve("models").toFile())
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return target;
    }
}
