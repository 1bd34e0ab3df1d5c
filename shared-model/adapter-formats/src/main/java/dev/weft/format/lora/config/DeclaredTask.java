package dev.weft.format.lora.config;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.pooling.Pooling;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code task_type}, and how an adapter for embeddings pools if its configuration says so.
 *
 * @param pooling null if nothing is said, and for other tasks
 */
public record DeclaredTask(AdapterTask kind, @Nullable Pooling pooling) {
    /**
     * The key of the canonical adapter_config.json that keeps the pooling of an adapter's folder.
     */
    public static final String POOLING = "weft_pooling";

    public static final String TYPE = "task_type";

    private static final String MODE = "mode";
    private static final String NORMALIZED = "normalized";
    private static final String LONGEST = "longest";

    /**
     * Reads the task of an adapter that was checked; one without a configuration makes text.
     *
     * @throws IOException if the file can't be read
     */
    public static DeclaredTask of(Path folder) throws IOException {
        Path file = folder.resolve(ConfigFields.FILE);
        if (!Files.exists(file)) {
            return new DeclaredTask(AdapterTask.CAUSAL_LM, null);
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(file));
            if (json instanceof ObjectNode object) {
                return read(new ConfigFields(object, new Reasons()));
            }
            throw new IOException(file + ": not a JSON object");
        } catch (JacksonException e) {
            throw new IOException(file + ": not valid JSON: " + InvalidJson.words(e), e);
        }
    }

    static DeclaredTask read(ConfigFields fields) {
        String text = fields.text(TYPE).orElse("");
        AdapterTask kind =
                Arrays.stream(AdapterTask.values())
                        .filter(it -> it.name().equals(text))
                        .findFirst()
                        .orElse(AdapterTask.CAUSAL_LM);
        Optional<Pooling> pooling = pooling(fields);
        return new DeclaredTask(
                kind, kind == AdapterTask.FEATURE_EXTRACTION ? pooling.orElse(null) : null);
    }

    /** The value of {@link #POOLING}. */
    public static SortedMap<String, Object> json(Pooling pooling) {
        SortedMap<String, Object> json = new TreeMap<>();
        json.put(MODE, pooling.mode().word());
        json.put(NORMALIZED, pooling.normalized());
        pooling.longest().ifPresent(longest -> json.put(LONGEST, longest));
        return json;
    }

    private static Optional<Pooling> pooling(ConfigFields fields) {
        JsonNode node = fields.value(POOLING);
        if (node == null) {
            return Optional.empty();
        }
        JsonNode normalized = node.path(NORMALIZED);
        JsonNode longest = node.path(LONGEST);
        boolean isLong = longest.isInt() && longest.intValue() > 0;
        boolean valid = normalized.isBoolean() && (isLong || !node.has(LONGEST));
        for (Pooling.Mode mode : Pooling.Mode.values()) {
            if (valid && mode.word().equals(node.path(MODE).asString(""))) {
                return Optional.of(
                        new Pooling(
                                mode,
                                normalized.booleanValue(),
                                isLong ? OptionalInt.of(longest.intValue()) : OptionalInt.empty()));
            }
        }
        fields.reasons()
                .refuse(
                        LoraFault.INVALID_VALUE,
                        ConfigFields.at(POOLING),
                        node.toString(),
                        "{\"mode\": one of "
                                + modes()
                                + ", \"normalized\": true or false}, and \"longest\": a number"
                                + " over 0, or none",
                        "has a wrong value");
        return Optional.empty();
    }

    private static List<String> modes() {
        return Arrays.stream(Pooling.Mode.values()).map(Pooling.Mode::word).toList();
    }
}
