package dev.weft.inference.server.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.golden.GoldenComparison;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tiny checkpoint with its adapter in an engine, and what transformers and PEFT answer.
 *
 * @param tokenizer null if prompts are token ids
 */
record FamilyGoldens(
        String modelType,
        CpuEngine engine,
        AdapterDigest adapter,
        @Nullable Tokenizer tokenizer,
        JsonNode json)
        implements AutoCloseable {
    static final Path FOLDER = Path.of("../../../shared/goldens/families");

    /** Goldens of the repository's own. */
    private static final Path OWN = Path.of("src/test/resources/goldens/families");

    private static final String FAMILIES = "families";
    private static final String QUANTISED = "quantised";

    static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Goldens of the base, and as many of the adapter. */
    static final int PROMPTS = 8;

    /** {@code <|im_end|>} of the tokenizer that all of them have. */
    private static final int END = 1272;

    /** Token ids, if a golden has no messages; then no token ends an answer. */
    private static final String PROMPT = "prompt";

    private static final int MAX_RANK = 16;

    /** A golden's prompt. */
    record Golden(List<Integer> prompt, @Nullable AdapterDigest adapter, JsonNode expected) {
        RecordedGeneration start(CpuEngine engine) {
            RecordedGeneration generation = new RecordedGeneration();
            int tokens = expected.path("tokens").size();
            List<Integer> ends = expected.has(PROMPT) ? List.of() : List.of(END);
            engine.start(
                    new GenerationRequest(
                            "golden",
                            adapter,
                            prompt,
                            new GenerationRequest.Ending(tokens, 0, ends),
                            Sampling.greedy(),
                            1),
                    generation);
            return generation;
        }
    }

    static boolean areBesideTheCheckout() {
        return Files.isRegularFile(FOLDER.resolve("goldens.json"));
    }

    /** Folders of families that have a base and an adapter, here and beside the checkout. */
    static List<String> names() throws IOException {
        return names(FAMILIES);
    }

    /** The forms of quantised checkpoints that have a base and an adapter. */
    static List<String> quantised() throws IOException {
        return names(QUANTISED);
    }

    private static List<String> names(String part) throws IOException {
        SortedSet<String> names = new TreeSet<>(goldens(OWN).path(part).propertyNames());
        if (areBesideTheCheckout()) {
            names.addAll(goldens(FOLDER).path(part).propertyNames());
        }
        return List.copyOf(names);
    }

    /** Where a family's folder is. */
    static Path folder(String name) throws IOException {
        return folder(FAMILIES, name);
    }

    private static Path folder(String part, String name) throws IOException {
        return goldens(OWN).path(part).has(name) ? OWN : FOLDER;
    }

    /** The {@code model_type} of a family's checkpoint. */
    static String modelType(String name) throws IOException {
        return ModelConfig.read(folder(name).resolve(name, "base", "config.json")).family();
    }

    /** A family's goldens, by the adapter's name or {@code base}. */
    static JsonNode family(String name) throws IOException {
        return goldens(folder(name)).path(FAMILIES).path(name);
    }

    private static JsonNode goldens(Path folder) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("goldens.json")));
    }

    static FamilyGoldens open(String name, Kernels.Choice kernels) throws IOException {
        return open(folder(name).resolve(name), family(name), kernels);
    }

    static FamilyGoldens openQuantised(String form, Kernels.Choice kernels) throws IOException {
        Path folder = folder(QUANTISED, form);
        JsonNode goldens = goldens(folder).path(QUANTISED).path(form);
        return open(folder.resolve(QUANTISED, form), goldens, kernels);
    }

    private static FamilyGoldens open(Path folder, JsonNode goldens, Kernels.Choice kernels)
            throws IOException {
        Path base = folder.resolve("base");
        ModelConfig config = ModelConfig.read(base.resolve("config.json"));
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, kernels, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), MAX_RANK),
                        new CpuEngineSettings.Batch(2 * PROMPTS, 64, 64),
                        new CpuEngineSettings.Context(0, 0));
        CpuEngine engine = CpuEngine.open(base, settings, _ -> {});
        try (LoraAdapter adapter = accepted(folder.resolve("adapter"), config)) {
            engine.load(adapter.digest(), adapter);
            return new FamilyGoldens(
                    config.family(), engine, adapter.digest(), tokenizer(base), goldens);
        }
    }

    static @Nullable Tokenizer tokenizer(Path base) throws IOException {
        return Files.exists(base.resolve("tokenizer.json")) ? Tokenizer.open(base) : null;
    }

    private static LoraAdapter accepted(Path folder, ModelConfig config) {
        return switch (LoraFolder.check(folder, config.shape(), MAX_RANK)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(folder + ": " + refused);
        };
    }

    /** Runs so many of both in one batch, and each alone, which must give the same events. */
    GoldenComparison compare(int prompts, double nearTie) {
        List<Golden> goldens = goldens(prompts);
        List<RecordedGeneration> together = new ArrayList<>();
        goldens.forEach(golden -> together.add(golden.start(engine)));
        GoldenComparison comparison = new GoldenComparison(nearTie);
        for (int i = 0; i < goldens.size(); i++) {
            RecordedGeneration mixed = together.get(i);
            mixed.await(DEADLINE);
            comparison.add(goldens.get(i).expected(), mixed.events());
        }
        for (int i = 0; i < goldens.size(); i++) {
            RecordedGeneration alone = goldens.get(i).start(engine);
            alone.await(DEADLINE);
            assertThat(alone.events())
                    .as("golden %d alone, and among all others", i)
                    .isEqualTo(together.get(i).events());
        }
        return comparison;
    }

    /** So many of the base, each followed by one of the adapter. */
    List<Golden> goldens(int prompts) {
        List<Golden> goldens = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            goldens.add(golden(json.path("base").path(i), null));
            goldens.add(golden(json.path("adapter").path(i), adapter));
        }
        return goldens;
    }

    private Golden golden(JsonNode expected, @Nullable AdapterDigest by) {
        return golden(tokenizer, expected, by);
    }

    static Golden golden(
            @Nullable Tokenizer tokenizer, JsonNode expected, @Nullable AdapterDigest by) {
        if (tokenizer != null) {
            return ofMessages(tokenizer, expected, by);
        }
        List<Integer> prompt = new ArrayList<>();
        expected.path(PROMPT).forEach(token -> prompt.add(token.asInt()));
        assertThat(prompt).isNotEmpty();
        return new Golden(prompt, by, expected);
    }

    private static Golden ofMessages(
            Tokenizer tokenizer, JsonNode expected, @Nullable AdapterDigest by) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : expected.path("messages")) {
            text.append("<|im_start|>").append(message.path("role").asString()).append('\n');
            text.append(message.path("content").asString()).append("<|im_end|>\n");
        }
        List<Integer> prompt = tokenizer.encode(text + "<|im_start|>assistant\n", false);
        assertThat(prompt).hasSize(expected.path("prompt_tokens").asInt());
        return new Golden(prompt, by, expected);
    }

    @Override
    public void close() {
        engine.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
