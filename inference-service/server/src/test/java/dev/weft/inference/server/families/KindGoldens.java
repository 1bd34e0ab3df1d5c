package dev.weft.inference.server.families;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adapters of several kinds for one base, all in one engine, and what PEFT answers. */
record KindGoldens(CpuEngine engine, SortedMap<String, AdapterDigest> adapters, Tokenizer tokenizer)
        implements AutoCloseable {
    static final Path FOLDER = FamilyGoldens.FOLDER.resolve("kinds");
    static final Path BASE = Path.of("../../../shared/sample-model/base");

    /** The largest that a deployment may have. */
    static final int MAX_RANK = 256;

    private static final int ROWS = 32;

    KindGoldens {
        adapters = new TreeMap<>(adapters);
    }

    /** An adapter's goldens, in the file's order. */
    static JsonNode goldens(String name) throws IOException {
        return all().path("kinds").path(name);
    }

    /** The kinds that have goldens. */
    static List<String> names() throws IOException {
        return all().path("kinds").propertyNames().stream().sorted().toList();
    }

    /** Names of adapters without goldens, by PEFT's name of their method. */
    static Map<String, String> refused() throws IOException {
        Map<String, String> refused = new TreeMap<>();
        all().path("refuse")
                .properties()
                .forEach(e -> refused.put(e.getKey(), e.getValue().asString()));
        return refused;
    }

    private static JsonNode all() throws IOException {
        String json = Files.readString(FamilyGoldens.FOLDER.resolve("goldens.json"));
        return JsonMapper.shared().readTree(json);
    }

    static LoraCheck check(String name) throws IOException {
        Path base = name.endsWith("-untied") ? FOLDER.resolve("untied-base") : BASE;
        ModelConfig config = ModelConfig.read(base.resolve("config.json"));
        return LoraFolder.check(FOLDER.resolve(name), config.shape(), MAX_RANK);
    }

    /** Loads these adapters into one engine. */
    static KindGoldens open(List<String> names, Kernels.Choice kernels) throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(names.size(), 0), MAX_RANK),
                        new CpuEngineSettings.Batch(ROWS, 64, 1024),
                        new CpuEngineSettings.Context(0, 0));
        CpuEngine engine = CpuEngine.open(BASE, settings, _ -> {});
        SortedMap<String, AdapterDigest> adapters = new TreeMap<>();
        for (String name : names) {
            try (LoraAdapter adapter = accepted(name)) {
                engine.load(adapter.digest(), adapter);
                adapters.put(name, adapter.digest());
            }
        }
        return new KindGoldens(engine, adapters, Tokenizer.open(BASE));
    }

    private static LoraAdapter accepted(String name) throws IOException {
        return switch (check(name)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(name + ": " + refused);
        };
    }

    /** A golden of an adapter. */
    FamilyGoldens.Golden golden(String name, int index) throws IOException {
        return FamilyGoldens.golden(tokenizer, goldens(name).path(index), adapters.get(name));
    }

    /** The same request to the base, whose answers no golden has. */
    FamilyGoldens.Golden toTheBase(FamilyGoldens.Golden golden) {
        @Nullable AdapterDigest base = null;
        return new FamilyGoldens.Golden(golden.prompt(), base, golden.expected());
    }

    /** So many of each adapter, the adapters taking turns. */
    List<Named> goldens(int prompts) throws IOException {
        List<Named> goldens = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            for (String name : adapters.keySet()) {
                goldens.add(new Named(name, golden(name, i)));
            }
        }
        return goldens;
    }

    /** A golden and its adapter's name. */
    record Named(String name, FamilyGoldens.Golden golden) {}

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
