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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adapters of several kinds for one base, all in one engine, and what PEFT answers. */
record KindGoldens(
        CpuEngine engine, SortedMap<String, Loaded> adapters, @Nullable Tokenizer tokenizer)
        implements AutoCloseable {
    private static final Path KINDS = FamilyGoldens.FOLDER.resolve("kinds");
    private static final Path SAMPLE = Path.of("../../../shared/sample-model/base");

    /** What a family's goldens are of, if not of a kind. */
    private static final Set<String> PLAIN = Set.of("base", "adapter");

    /** The largest that a deployment may have. */
    private static final int MAX_RANK = 256;

    private static final int ROWS = 32;

    /** An adapter with its goldens. */
    record Loaded(AdapterDigest digest, JsonNode goldens) {}

    /** A golden and its adapter's name. */
    record Named(String name, FamilyGoldens.Golden golden) {}

    KindGoldens {
        adapters = new TreeMap<>(adapters);
    }

    /** The kinds that have goldens. */
    static Collection<String> names() throws IOException {
        return all().path("kinds").propertyNames().stream().sorted().toList();
    }

    /** The families that have adapters of some kind. */
    static List<String> families() throws IOException {
        List<String> families = new ArrayList<>();
        for (String name : FamilyGoldens.names()) {
            if (!kinds(FamilyGoldens.family(name)).isEmpty()) {
                families.add(name);
            }
        }
        return families;
    }

    private static List<String> kinds(JsonNode family) {
        return family.propertyNames().stream().filter(name -> !PLAIN.contains(name)).toList();
    }

    /** Names of adapters without goldens, with PEFT's name of their method. */
    static Map<String, String> refused() throws IOException {
        Map<String, String> refused = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : all().path("refuse").properties()) {
            refused.put(entry.getKey(), entry.getValue().asString());
        }
        return refused;
    }

    private static JsonNode all() throws IOException {
        String json = Files.readString(FamilyGoldens.FOLDER.resolve("goldens.json"));
        return JsonMapper.shared().readTree(json);
    }

    /** Checks an adapter of that kind against its base. */
    static LoraCheck check(String name) throws IOException {
        Path base = name.endsWith("-untied") ? KINDS.resolve("untied-base") : SAMPLE;
        return check(base, KINDS.resolve(name));
    }

    private static LoraCheck check(Path base, Path adapter) throws IOException {
        ModelConfig config = ModelConfig.read(base.resolve("config.json"));
        return LoraFolder.check(adapter, config.shape(), MAX_RANK);
    }

    /** Loads adapters of these kinds into one engine. */
    static KindGoldens ofKinds(List<String> names, Kernels.Choice kernels) throws IOException {
        SortedMap<String, Path> folders = new TreeMap<>();
        names.forEach(name -> folders.put(name, KINDS.resolve(name)));
        return open(SAMPLE, folders, all().path("kinds"), kernels);
    }

    /** Loads a family's adapters of some kind, and the plain one, into one engine. */
    static KindGoldens ofFamily(String family, Kernels.Choice kernels) throws IOException {
        JsonNode goldens = FamilyGoldens.family(family);
        Path folder = FamilyGoldens.folder(family).resolve(family);
        SortedMap<String, Path> folders = new TreeMap<>();
        kinds(goldens).forEach(name -> folders.put(name, folder.resolve(name)));
        folders.put("adapter", folder.resolve("adapter"));
        return open(folder.resolve("base"), folders, goldens, kernels);
    }

    private static KindGoldens open(
            Path base, SortedMap<String, Path> folders, JsonNode goldens, Kernels.Choice kernels)
            throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(folders.size(), 0), MAX_RANK),
                        new CpuEngineSettings.Batch(ROWS, 64, 1024),
                        new CpuEngineSettings.Context(0, 0));
        CpuEngine engine = CpuEngine.open(base, settings, _ -> {});
        SortedMap<String, Loaded> adapters = new TreeMap<>();
        for (Map.Entry<String, Path> entry : folders.entrySet()) {
            try (LoraAdapter adapter = accepted(base, entry.getValue())) {
                engine.load(adapter.digest(), adapter);
                JsonNode own = goldens.path(entry.getKey());
                adapters.put(entry.getKey(), new Loaded(adapter.digest(), own));
            }
        }
        return new KindGoldens(engine, adapters, FamilyGoldens.tokenizer(base));
    }

    private static LoraAdapter accepted(Path base, Path folder) throws IOException {
        return switch (check(base, folder)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(folder + ": " + refused);
        };
    }

    /** The same request to the base. */
    static FamilyGoldens.Golden toTheBase(FamilyGoldens.Golden golden) {
        return new FamilyGoldens.Golden(golden.prompt(), null, golden.expected());
    }

    /** So many of each adapter, the adapters taking turns. */
    List<Named> goldens(int prompts) {
        List<Named> goldens = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            for (Map.Entry<String, Loaded> entry : adapters.entrySet()) {
                JsonNode expected = entry.getValue().goldens.path(i);
                goldens.add(
                        new Named(
                                entry.getKey(),
                                FamilyGoldens.golden(
                                        tokenizer, expected, entry.getValue().digest)));
            }
        }
        return goldens;
    }

    @Override
    public void close() {
        engine.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
