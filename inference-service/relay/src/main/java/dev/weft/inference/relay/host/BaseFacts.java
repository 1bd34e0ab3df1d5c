package dev.weft.inference.relay.host;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Facts from a base's files. They show whether a server serves another base.
 *
 * @param shape what config.json says of {@code model_type}, {@code hidden_size}, {@code
 *     num_hidden_layers} and {@code vocab_size}, as far as it does
 * @param vocabulary rows of the embeddings; 0 if config.json doesn't say
 * @param tokens one more than the largest id that the model or its tokenizer knows
 */
public record BaseFacts(SequencedMap<String, String> shape, int vocabulary, int tokens) {
    /** The facts of a base whose files say nothing. */
    public static final BaseFacts UNKNOWN = new BaseFacts(new LinkedHashMap<>(), 0, 0);

    private static final String VOCABULARY = "vocab_size";
    private static final List<String> NAMES =
            List.of("model_type", "hidden_size", "num_hidden_layers", VOCABULARY);

    public BaseFacts {
        shape = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(shape));
    }

    /**
     * Reads a base's files.
     *
     * @param config config.json
     * @param tokenizer tokenizer_config.json; empty if there is none
     * @throws tools.jackson.core.JacksonException if one is not JSON
     */
    public static BaseFacts read(String config, String tokenizer) {
        JsonNode all = JsonMapper.shared().readTree(config);
        JsonNode text = all.path("text_config").isObject() ? all.path("text_config") : all;
        SequencedMap<String, String> shape = new LinkedHashMap<>();
        for (String name : NAMES) {
            if (text.path(name).isValueNode()) {
                shape.put(name, text.path(name).asString(""));
            }
        }
        int vocabulary = text.path(VOCABULARY).asInt(0);
        return new BaseFacts(shape, vocabulary, Math.max(vocabulary, added(tokenizer)));
    }

    private static int added(String tokenizer) {
        if (tokenizer.isBlank()) {
            return 0;
        }
        int most = 0;
        JsonNode added = JsonMapper.shared().readTree(tokenizer).path("added_tokens_decoder");
        for (String id : added.propertyNames()) {
            most = id.matches("[0-9]{1,9}") ? Math.max(most, Integer.parseInt(id) + 1) : most;
        }
        return most;
    }
}
