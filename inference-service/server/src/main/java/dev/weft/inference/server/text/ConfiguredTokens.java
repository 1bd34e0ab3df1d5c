package dev.weft.inference.server.text;

import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.server.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Added tokens that the files beside tokenizer.json know, in the form of its {@code added_tokens}.
 * special_tokens_map.json and added_tokens.json count as they do for transformers: if
 * tokenizer_config.json has no {@code added_tokens_decoder}.
 *
 * @param listed of {@code added_tokens_decoder} or added_tokens.json, with the ids given there
 * @param named special tokens that have a name, such as {@code eos_token}; without ids
 * @param extra special tokens without a name; without ids
 * @param decoder whether the configuration has an {@code added_tokens_decoder}
 */
record ConfiguredTokens(
        List<ObjectNode> listed, List<ObjectNode> named, List<ObjectNode> extra, boolean decoder) {
    static final String CONTENT = "content";
    static final String SPECIAL = "special";

    private static final String CONFIG = "tokenizer_config.json";
    private static final String DECODER = "added_tokens_decoder";
    private static final List<String> FLAGS =
            List.of("single_word", "lstrip", "rstrip", "normalized", SPECIAL);

    ConfiguredTokens {
        listed = List.copyOf(listed);
        named = List.copyOf(named);
        extra = List.copyOf(extra);
    }

    /**
     * Reads the files that are there.
     *
     * @throws IOException if one can't be read or is not as it should be
     */
    static ConfiguredTokens read(Path folder) throws IOException {
        TokenizerConfig names = TokenizerConfig.read(folder);
        JsonNode config = JsonFile.read(folder.resolve(CONFIG));
        boolean decoder = config.path(DECODER).isObject();
        Map<String, JsonNode> objects = new HashMap<>();
        collect(config, objects);
        if (!decoder) {
            collect(JsonFile.read(folder.resolve("special_tokens_map.json")), objects);
        }
        List<ObjectNode> named = new ArrayList<>();
        for (String text : names.specialTokens().values()) {
            named.add(special(text, objects.get(text)).put(SPECIAL, true));
        }
        List<ObjectNode> extra = new ArrayList<>();
        names.additionalSpecialTokens()
                .forEach(text -> extra.add(special(text, objects.get(text))));
        List<ObjectNode> listed =
                decoder
                        ? ofDecoder(config.path(DECODER))
                        : ofFile(JsonFile.read(folder.resolve("added_tokens.json")), named, extra);
        return new ConfiguredTokens(listed, named, extra, decoder);
    }

    /** Whether two tokens have the same flags. */
    static boolean alike(JsonNode one, JsonNode other) {
        return FLAGS.stream()
                .allMatch(flag ->
                        one.path(flag).booleanValue(false) == other.path(flag).booleanValue(false));
    }

    private static List<ObjectNode> ofDecoder(JsonNode decoder) throws IOException {
        Map<Integer, ObjectNode> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
            JsonNode content = entry.getValue().path(CONTENT);
            if (!entry.getKey().matches("[0-9]{1,9}") || !content.isString()) {
                throw new IOException(
                        CONFIG
                                + ": "
                                + DECODER
                                + " has '"
                                + entry.getKey()
                                + "'; allowed are ids of objects with a content");
            }
            int id = Integer.parseInt(entry.getKey());
            boolean special = entry.getValue().path(SPECIAL).booleanValue(false);
            tokens.put(id, token(content.stringValue(), entry.getValue(), special).put("id", id));
        }
        return List.copyOf(tokens.values());
    }

    private static List<ObjectNode> ofFile(
            JsonNode ids, List<ObjectNode> named, List<ObjectNode> extra) {
        Set<String> special = new HashSet<>();
        named.forEach(token -> special.add(token.path(CONTENT).stringValue()));
        extra.forEach(token -> special.add(token.path(CONTENT).stringValue()));
        Map<Integer, ObjectNode> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : ids.properties()) {
            if (entry.getValue().isInt()) {
                int id = entry.getValue().intValue();
                ObjectNode token = token(entry.getKey(), null, special.contains(entry.getKey()));
                tokens.put(id, token.put("id", id));
            }
        }
        return List.copyOf(tokens.values());
    }

    private static ObjectNode special(String content, @Nullable JsonNode written) {
        boolean special = written == null || written.path(SPECIAL).booleanValue(true);
        return token(content, written, special);
    }

    private static ObjectNode token(String content, @Nullable JsonNode written, boolean special) {
        ObjectNode token = JsonMapper.shared().createObjectNode().put(CONTENT, content);
        for (String flag : FLAGS) {
            boolean missing = flag.equals("normalized") && !special;
            token.put(flag, written == null ? missing : written.path(flag).booleanValue(missing));
        }
        return token.put(SPECIAL, special);
    }

    /** Finds the objects that write a special token, alone, in a list or below a name. */
    private static void collect(JsonNode file, Map<String, JsonNode> objects) {
        for (Map.Entry<String, JsonNode> entry : file.properties()) {
            if (!entry.getKey().equals(DECODER)) {
                keep(entry.getValue(), objects);
                entry.getValue().forEach(inner -> keep(inner, objects));
            }
        }
    }

    private static void keep(JsonNode node, Map<String, JsonNode> objects) {
        if (node.path(CONTENT).isString()) {
            objects.put(node.path(CONTENT).stringValue(), node);
        }
    }
}
