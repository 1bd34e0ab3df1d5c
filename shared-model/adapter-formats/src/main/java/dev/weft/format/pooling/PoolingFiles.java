package dev.weft.format.pooling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads modules.json and 1_Pooling/config.json, as sentence-transformers writes them since version
 * 1 ({@code pooling_mode_mean_tokens: true}) and in its newer form ({@code pooling_mode: "mean"}).
 * A folder without modules.json says nothing. What sentence-transformers would do to texts before
 * they become tokens is refused: config_sentence_transformers.json's default prompt, and lower
 * case. It would cut texts at sentence_bert_config.json's {@code max_seq_length}.
 */
public final class PoolingFiles {
    public static final String MODULES = "modules.json";
    public static final String POOLING = "1_Pooling/config.json";

    private static final String PROMPTS = "config_sentence_transformers.json";
    private static final String TRANSFORMER = "sentence_bert_config.json";

    /** All files, as paths within a folder. */
    public static final List<String> ALL = List.of(MODULES, POOLING, PROMPTS, TRANSFORMER);

    private static final String FOLDER = "1_Pooling";
    private static final long MOST_BYTES = 1 << 20;
    private static final String DEFAULT_PROMPT = "default_prompt_name";
    private static final String LOWER_CASE = "do_lower_case";
    private static final String LONGEST = "max_seq_length";
    private static final String MODE = "pooling_mode";
    private static final String SERVED = "mean or lasttoken, one of them";

    /** Flags of modes, as they end; the mean counts unless it is switched off. */
    private static final String FLAG_MEAN = MODE + "_mean_tokens";

    private static final String FLAG_LAST = MODE + "_lasttoken";
    private static final Set<String> OTHER_FLAGS =
            Set.of(
                    MODE + "_cls_token",
                    MODE + "_max_tokens",
                    MODE + "_mean_sqrt_len_tokens",
                    MODE + "_weightedmean_tokens");

    private final Path folder;

    private PoolingFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * How a folder pools; empty if it does not say.
     *
     * @throws PoolingException if it pools in another way than is served; names file and field
     * @throws IOException if a file can't be read
     */
    public static Optional<Pooling> read(Path folder) throws IOException {
        return Files.exists(folder.resolve(MODULES))
                ? Optional.of(new PoolingFiles(folder).read())
                : Optional.empty();
    }

    private Pooling read() throws IOException {
        List<String> types = new ArrayList<>();
        JsonNode modules = tree(MODULES);
        for (JsonNode module : modules) {
            String type = module.path("type").asString("");
            String name = type.substring(type.lastIndexOf('.') + 1);
            String path = module.path("path").asString("");
            if (name.equals("Pooling") && !path.equals(FOLDER)) {
                throw new PoolingException(MODULES, "path", quoted(path), FOLDER);
            }
            types.add(name);
        }
        boolean normalized = types.size() == 3 && types.getLast().equals("Normalize");
        List<String> pooled = normalized ? types.subList(0, 2) : types;
        if (!pooled.equals(List.of("Transformer", "Pooling"))) {
            throw new PoolingException(
                    MODULES, "type", types.toString(), "Transformer, Pooling, Normalize or not");
        }
        String transformer = modules.path(0).path("path").asString("");
        if (!transformer.isEmpty()) {
            throw new PoolingException(
                    MODULES,
                    "path",
                    quoted(transformer),
                    "'' for the transformer, the folder itself");
        }
        JsonNode texts =
                Files.exists(folder.resolve(TRANSFORMER))
                        ? tree(TRANSFORMER)
                        : MissingNode.getInstance();
        checkTexts(texts);
        return new Pooling(mode(tree(POOLING)), normalized, longest(texts));
    }

    /** Texts become tokens as they come. */
    private void checkTexts(JsonNode texts) throws IOException {
        if (Files.exists(folder.resolve(PROMPTS))) {
            JsonNode config = tree(PROMPTS);
            JsonNode name = config.path(DEFAULT_PROMPT);
            boolean named = !name.isMissingNode() && !name.isNull();
            if (named && !config.path("prompts").path(name.asString("")).asString("?").isEmpty()) {
                throw new PoolingException(
                        PROMPTS,
                        DEFAULT_PROMPT,
                        quoted(name.asString(name.toString())),
                        "null, with prompts in the texts that clients send");
            }
        }
        if (flag(texts, TRANSFORMER, LOWER_CASE, false)) {
            throw new PoolingException(TRANSFORMER, LOWER_CASE, "true", "false");
        }
    }

    private static OptionalInt longest(JsonNode texts) throws PoolingException {
        JsonNode value = texts.path(LONGEST);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isInt() || value.intValue() < 1) {
            throw new PoolingException(
                    TRANSFORMER, LONGEST, quoted(value.toString()), "a number over 0, or null");
        }
        return OptionalInt.of(value.intValue());
    }

    private static Pooling.Mode mode(JsonNode config) throws PoolingException {
        JsonNode named = config.path(MODE);
        if (!named.isMissingNode() && !named.isNull()) {
            JsonNode one = named.isArray() && named.size() == 1 ? named.path(0) : named;
            return switch (one.asString("")) {
                case "mean" -> Pooling.Mode.MEAN;
                case "lasttoken" -> Pooling.Mode.LAST;
                default -> throw new PoolingException(POOLING, MODE, named.toString(), SERVED);
            };
        }
        for (String flag : OTHER_FLAGS.stream().sorted().toList()) {
            if (flag(config, POOLING, flag, false)) {
                throw new PoolingException(POOLING, flag, "true", SERVED);
            }
        }
        boolean last = flag(config, POOLING, FLAG_LAST, false);
        boolean mean = flag(config, POOLING, FLAG_MEAN, true);
        if (last == mean) {
            throw new PoolingException(
                    POOLING, FLAG_MEAN, mean + ", as " + FLAG_LAST + " is", SERVED);
        }
        return last ? Pooling.Mode.LAST : Pooling.Mode.MEAN;
    }

    private static boolean flag(JsonNode config, String file, String name, boolean otherwise)
            throws PoolingException {
        JsonNode value = config.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new PoolingException(file, name, quoted(value.toString()), "true or false");
        }
        return value.booleanValue();
    }

    private JsonNode tree(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            throw new PoolingException(
                    name, "it", "missing or too large", "a file of up to " + MOST_BYTES + " bytes");
        }
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new PoolingException(name, "it", "not valid JSON", "JSON");
        }
    }

    private static String quoted(String text) {
        String cut = text.length() <= 60 ? text : text.substring(0, 60) + "...";
        return "'" + cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + "'";
    }
}
