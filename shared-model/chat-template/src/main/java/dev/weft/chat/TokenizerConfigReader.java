package dev.weft.chat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one folder. The order in which files win follows transformers' {@code
 * PreTrainedTokenizerBase}. Template files win over the configuration's own templates.
 * special_tokens_map.json wins over the configuration, but is ignored if the configuration lists
 * its {@code added_tokens_decoder}.
 */
final class TokenizerConfigReader {
    private static final long MAX_BYTES = 64L << 20;

    /** Bound for a file that lists the tokens of the largest vocabularies. */
    private static final long MOST_TOKENS = 5_000_000;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .build();
    private static final ObjectWriter SORTED =
            JSON.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    static final List<String> ATTRIBUTES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /** A key that ends so names a special token if its value is one. */
    private static final String SUFFIX = "_token";

    private static final String CONFIG = "tokenizer_config.json";
    private static final String RESPONSE = "response_template";
    private static final String TOKENS = "special_tokens_map.json";

    private static final int MOST_RESPONSE_CHARACTERS = 65_536;

    private final Path folder;

    TokenizerConfigReader(Path folder) {
        this.folder = folder;
    }

    TokenizerConfig read() throws IOException {
        JsonNode config = config();
        JsonNode tokens = object(TOKENS);
        Map<String, String> special = new LinkedHashMap<>();
        List<String> additional = new ArrayList<>();
        readTokens(CONFIG, config, special, additional);
        if (!config.has("added_tokens_decoder")) {
            readTokens(TOKENS, tokens, special, additional);
        }
        return new TokenizerConfig(
                templates(config),
                ordered(special),
                additional,
                addBos(config),
                maxLength(config),
                responseTemplate(config));
    }

    /** The standard tokens first, in transformers' order: new ones get their ids in this order. */
    private static Map<String, String> ordered(Map<String, String> special) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String attribute : ATTRIBUTES) {
            String text = special.get(attribute);
            if (text != null) {
                ordered.put(attribute, text);
            }
        }
        special.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private Map<String, String> templates(JsonNode config) throws IOException {
        Map<String, String> files = templateFiles();
        if (!files.isEmpty()) {
            return files;
        }
        JsonNode node = config.path("chat_template");
        Map<String, String> templates = new LinkedHashMap<>();
        if (node.isString()) {
            templates.put(TokenizerConfig.DEFAULT_TEMPLATE, node.stringValue());
        } else if (node.isArray()) {
            for (JsonNode entry : node) {
                if (!entry.path("name").isString() || !entry.path("template").isString()) {
                    throw fault(CONFIG, "chat_template", entry, "objects with name and template");
                }
                templates.put(entry.get("name").stringValue(), entry.get("template").stringValue());
            }
        } else if (!absent(node)) {
            throw fault(CONFIG, "chat_template", node, "a string or a list of name and template");
        }
        return templates;
    }

    private Map<String, String> templateFiles() throws IOException {
        Map<String, String> templates = new TreeMap<>();
        Optional<String> main = text("chat_template.jinja");
        if (main.isPresent()) {
            templates.put(TokenizerConfig.DEFAULT_TEMPLATE, main.get());
        }
        Path more = folder.resolve("additional_chat_templates");
        if (Files.isDirectory(more)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(more, "*.jinja")) {
                for (Path file : files) {
                    String name = String.valueOf(file.getFileName());
                    text("additional_chat_templates/" + name)
                            .ifPresent(source ->
                                    templates.put(
                                            name.substring(0, name.length() - ".jinja".length()),
                                            source));
                }
            }
        }
        return templates;
    }

    private static void readTokens(
            String file, JsonNode node, Map<String, String> special, List<String> additional)
            throws IOException {
        for (String attribute : ATTRIBUTES) {
            put(special, file, attribute, node.path(attribute));
        }
        JsonNode extra = node.path("extra_special_tokens");
        for (Map.Entry<String, JsonNode> entry : ownTokens(file, node, extra).entrySet()) {
            put(special, file, entry.getKey(), entry.getValue());
        }
        for (JsonNode list : List.of(node.path("additional_special_tokens"), extra)) {
            if (list.isArray() && !list.isEmpty()) {
                additional.clear();
                for (JsonNode token : list) {
                    additional.add(token(file, "additional_special_tokens", token));
                }
            }
        }
    }

    /**
     * Tokens with names of the model's own. transformers passes over {@code
     * model_specific_special_tokens} if there are others.
     */
    private static Map<String, JsonNode> ownTokens(String file, JsonNode node, JsonNode extra) {
        Map<String, JsonNode> texts = new LinkedHashMap<>();
        Map<String, JsonNode> own = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = entry.getKey();
            if (name.endsWith(SUFFIX) && !ATTRIBUTES.contains(name)) {
                if (entry.getValue().isString()) {
                    texts.put(name, entry.getValue());
                } else if (isAddedToken(file, entry.getValue())) {
                    own.put(name, entry.getValue());
                }
            }
        }
        putAll(texts, extra);
        if (texts.isEmpty()) {
            putAll(texts, node.path("model_specific_special_tokens"));
        }
        own.putAll(texts);
        return own;
    }

    private static void putAll(Map<String, JsonNode> tokens, JsonNode named) {
        if (named.isObject()) {
            named.properties().forEach(entry -> tokens.put(entry.getKey(), entry.getValue()));
        }
    }

    /**
     * Whether an object is a token: in special_tokens_map.json any object with content is, in the
     * configuration those whose {@code __type} says so.
     */
    private static boolean isAddedToken(String file, JsonNode node) {
        return node.path("content").isString()
                && (file.equals(TOKENS) || node.path("__type").asString("").equals("AddedToken"));
    }

    private static void put(Map<String, String> tokens, String file, String name, JsonNode node)
            throws IOException {
        if (!absent(node)) {
            tokens.put(name, token(file, name, node));
        }
    }

    private static String token(String file, String name, JsonNode node) throws IOException {
        JsonNode content = node.isObject() ? node.path("content") : node;
        if (!content.isString()) {
            throw fault(file, name, node, "a string, or an object with the string content");
        }
        return content.stringValue();
    }

    private static @Nullable Boolean addBos(JsonNode config) throws IOException {
        JsonNode node = config.path("add_bos_token");
        if (absent(node)) {
            return null;
        }
        if (!node.isBoolean()) {
            throw fault(CONFIG, "add_bos_token", node, "true and false");
        }
        return node.booleanValue();
    }

    /** transformers writes 1e30 for "no limit". */
    private static @Nullable Long maxLength(JsonNode config) throws IOException {
        JsonNode node = config.path("model_max_length");
        if (absent(node)) {
            return null;
        }
        double real = node.isFloatingPointNumber() ? node.doubleValue() : 1;
        if (real == Double.POSITIVE_INFINITY) {
            return null; // 1e999 reads as infinity, and means the same
        }
        if (!node.isNumber() || !Double.isFinite(real) || node.decimalValue().signum() <= 0) {
            throw fault(CONFIG, "model_max_length", node, "positive numbers");
        }
        BigDecimal value = node.decimalValue();
        return value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
                ? null
                : value.longValue();
    }

    /** The response template as JSON, whatever it holds: the reader of replies reads it. */
    private static @Nullable String responseTemplate(JsonNode config) throws IOException {
        JsonNode node = config.path(RESPONSE);
        if (absent(node)) {
            return null;
        }
        String text = SORTED.writeValueAsString(node);
        if (text.length() > MOST_RESPONSE_CHARACTERS) {
            throw fault(
                    CONFIG, RESPONSE, node, "at most " + MOST_RESPONSE_CHARACTERS + " characters");
        }
        return text;
    }

    static JsonNode node(String json) {
        return JSON.readTree(json);
    }

    /** tokenizer_config.json; an empty object if it is not there. */
    JsonNode config() throws IOException {
        return object(CONFIG);
    }

    private JsonNode object(String name) throws IOException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return JSON.createObjectNode();
        }
        try {
            JsonNode node = JSON.readTree(text.get());
            if (!node.isObject()) {
                throw new IOException(folder.resolve(name) + " is not a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new IOException(
                    folder.resolve(name) + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Optional<String> text(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new IOException(
                    file + " has " + size + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(file + " can't be read as UTF-8 text: " + e, e);
        }
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static IOException fault(String file, String field, JsonNode found, String allowed) {
        String text = found.toString();
        return new IOException(
                file
                        + ": "
                        + field
                        + " is "
                        + text.substring(0, Math.min(text.length(), 80))
                        + "; allowed are "
                        + allowed);
    }
}
