package dev.weft.inference.server.checkpoint;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.pooling.Pooling;
import dev.weft.format.pooling.PoolingException;
import dev.weft.format.pooling.PoolingFiles;
import dev.weft.inference.server.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a checkpoint's folder says of vectors: the files of sentence-transformers, and fields of
 * config.json.
 *
 * @param pooling how the base pools; null if the folder doesn't say, or says what is not served
 * @param declared whether the folder says how the base pools, be it served or not
 * @param whyNot why the base makes no vectors, in words; empty if it does
 * @param prefixes whether the first values of a vector are a vector ({@code is_matryoshka})
 * @param lengths how many values such a prefix may have ({@code matryoshka_dimensions}); empty for
 *     any number
 * @param padding {@code pad_token_id}, which a classifier passes over at the end of a text; the
 *     family's if config.json has no such field
 * @param activation how a classifier's logits become scores
 */
public record BasePooling(
        @Nullable Pooling pooling,
        boolean declared,
        String whyNot,
        boolean prefixes,
        Set<Integer> lengths,
        OptionalInt padding,
        LabelActivation activation) {
    private static final String CONFIG = "config.json";
    private static final String LENGTHS = "matryoshka_dimensions";
    private static final String PADDING = "pad_token_id";

    public BasePooling {
        lengths = Set.copyOf(lengths);
    }

    /**
     * Reads a folder. Files may be missing. If the pooling is not served, the base still serves
     * text.
     *
     * @throws IOException if a file can't be read or a field has a wrong value
     */
    public static BasePooling read(Path folder) throws IOException {
        Pooling pooling = null;
        boolean declared;
        String whyNot = "its folder has no " + PoolingFiles.MODULES + " that says how";
        try {
            pooling = PoolingFiles.read(folder).orElse(null);
            declared = pooling != null;
            whyNot = declared ? "" : whyNot;
        } catch (PoolingException e) {
            declared = true;
            whyNot = String.valueOf(e.getMessage());
        }
        JsonNode config = JsonFile.read(folder.resolve(CONFIG));
        Set<Integer> lengths = lengths(config.path(LENGTHS));
        boolean prefixes = !lengths.isEmpty() || config.path("is_matryoshka").asBoolean(false);
        return new BasePooling(
                pooling,
                declared,
                whyNot,
                prefixes,
                lengths,
                padding(config),
                LabelActivation.read(config));
    }

    private static Set<Integer> lengths(JsonNode value) throws IOException {
        Set<Integer> lengths = new TreeSet<>();
        for (JsonNode length : value) {
            if (!length.isInt() || length.intValue() < 1) {
                throw new IOException(
                        CONFIG + ": " + LENGTHS + " is " + value + "; allowed: numbers over 0");
            }
            lengths.add(length.intValue());
        }
        return lengths;
    }

    private static OptionalInt padding(JsonNode config) {
        if (!config.has(PADDING)) {
            return ModelConfig.defaultPadding(config.path("model_type").asString(""));
        }
        JsonNode value = config.path(PADDING);
        return value.isInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
    }
}
