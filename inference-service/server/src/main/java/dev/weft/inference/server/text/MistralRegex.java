package dev.weft.inference.server.text;

import dev.weft.inference.server.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The expression that {@code fix_mistral_regex} of tokenizer_config.json puts first among those
 * that split texts, for the folders for which transformers 5.19 does so ({@code
 * _patch_mistral_regex}).
 */
final class MistralRegex {
    private static final Logger LOG = LoggerFactory.getLogger(MistralRegex.class);
    private static final int LEAST_TOKENS = 100_001;
    private static final String TYPE = "type";
    private static final String PARTS = "pretokenizers";
    private static final Set<String> FAMILIES =
            Set.of("mistral", "mistral3", "voxtral", "ministral", "pixtral");
    private static final Pattern BEFORE_FIVE =
            Pattern.compile("[0-4]\\..*|5\\.0(\\.0)?\\.?(dev|a|b|rc).*");
    private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String OTHERS =
            "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String REGEX =
            BEFORE + UPPER + "*" + LOWER + "+|" + BEFORE + UPPER + "+" + LOWER + "*" + OTHERS;

    private MistralRegex() {}

    /**
     * tokenizer.json with the expression, or unchanged if the folder is none of those.
     *
     * @param read what {@code json} says
     * @throws IOException if config.json can't be read
     */
    static String fixed(Path folder, TokenizerFile read, String json) throws IOException {
        JsonNode own = read.preTokenizer();
        if (!own.isObject()
                || read.tokens().stream().filter(Objects::nonNull).count() < LEAST_TOKENS
                || !isMeant(JsonFile.read(folder.resolve("config.json")))) {
            return json;
        }
        LOG.info("{}: texts are split by another expression (fix_mistral_regex)", folder);
        return TokenizerFile.with(json, "pre_tokenizer", over(own));
    }

    private static boolean isMeant(JsonNode config) {
        String version = config.path("transformers_version").asString("");
        String family = config.path("model_type").asString("");
        boolean isOlder =
                BEFORE_FIVE.matcher(version).matches()
                        && (family.isEmpty() || FAMILIES.contains(family));
        return config.isObject() && (version.isEmpty() || isOlder);
    }

    /** Metaspace alone becomes byte-level, as it loses the spaces behind this expression. */
    private static ObjectNode over(JsonNode own) {
        ArrayNode parts = JsonMapper.shared().createArrayNode();
        parts.add(split());
        switch (own.path(TYPE).asString("")) {
            case "Sequence" -> own.path(PARTS).valueStream().skip(1).forEach(parts::add);
            case "Metaspace" ->
                    parts.addObject()
                            .put(TYPE, "ByteLevel")
                            .put("add_prefix_space", false)
                            .put("trim_offsets", true)
                            .put("use_regex", false);
            default -> parts.add(own);
        }
        ObjectNode sequence = JsonMapper.shared().createObjectNode().put(TYPE, "Sequence");
        sequence.set(PARTS, parts);
        return sequence;
    }

    private static ObjectNode split() {
        ObjectNode split = JsonMapper.shared().createObjectNode().put(TYPE, "Split");
        split.putObject("pattern").put("Regex", REGEX);
        return split.put("behavior", "Isolated").put("invert", false);
    }
}
