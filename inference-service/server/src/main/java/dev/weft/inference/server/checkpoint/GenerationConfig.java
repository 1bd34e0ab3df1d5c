package dev.weft.inference.server.checkpoint;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.server.completion.GenerationDefaults;
import dev.weft.inference.server.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * generation_config.json of a checkpoint, in the format of transformers, with {@code eos_token_id}
 * of config.json.
 *
 * @param defaults sampling for what a request doesn't set: temperature, top_p, top_k, min_p,
 *     repetition_penalty
 * @param maxNewTokens the longest answer, whatever a request asks for, as vLLM takes {@code
 *     max_new_tokens}; {@link Integer#MAX_VALUE} if the file doesn't say
 * @param endTokens {@code eos_token_id} of both files, whether or not the model has such tokens
 * @param familyEndToken the family's end token, if there is no generation_config.json and
 *     config.json has no such field, not even a null
 */
public record GenerationConfig(
        GenerationDefaults defaults,
        int maxNewTokens,
        Set<Integer> endTokens,
        OptionalInt familyEndToken) {
    private static final String FILE = "generation_config.json";
    private static final String END = "eos_token_id";

    public GenerationConfig {
        endTokens = Set.copyOf(endTokens);
    }

    /**
     * Reads a folder; files that aren't there say nothing.
     *
     * @throws IOException if a file is broken or a value is out of its range
     */
    public static GenerationConfig read(Path folder) throws IOException {
        JsonNode generation = JsonFile.read(folder.resolve(FILE));
        JsonNode config = JsonFile.read(folder.resolve("config.json"));
        Set<Integer> end = new TreeSet<>();
        addEndTokens(FILE, generation, end);
        addEndTokens("config.json", config, end);
        boolean isSilent = !Files.exists(folder.resolve(FILE)) && !config.has(END);
        GenerationDefaults openAi = GenerationDefaults.OPENAI;
        return new GenerationConfig(
                new GenerationDefaults(
                        number(
                                generation,
                                "temperature",
                                openAi.temperature(),
                                0,
                                Sampling.MOST_TEMPERATURE),
                        number(generation, "top_p", openAi.topP(), Double.MIN_VALUE, 1),
                        (int) number(generation, "top_k", openAi.topK(), 0, Integer.MAX_VALUE),
                        number(generation, "min_p", openAi.minP(), 0, 1),
                        number(
                                generation,
                                "repetition_penalty",
                                openAi.repetitionPenalty(),
                                Sampling.LEAST_REPETITION,
                                Sampling.MOST_REPETITION)),
                (int) number(generation, "max_new_tokens", Integer.MAX_VALUE, 1, Integer.MAX_VALUE),
                end,
                isSilent
                        ? ModelConfig.defaultEndToken(config.path("model_type").asString(""))
                        : OptionalInt.empty());
    }

    /** One id, a list of them, or null. */
    private static void addEndTokens(String file, JsonNode config, Set<Integer> target)
            throws IOException {
        JsonNode value = config.path(END);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        for (JsonNode id : value.isArray() ? value : Set.of(value)) {
            if (!id.isInt()) {
                throw new IOException(
                        file + ": " + END + " is " + value + "; allowed: a token id or a list");
            }
            target.add(id.intValue());
        }
    }

    private static double number(
            JsonNode config, String field, double otherwise, double least, double most)
            throws IOException {
        JsonNode value = config.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        double number = value.doubleValue(Double.NaN);
        if (!(number >= least && number <= most)) {
            throw new IOException(
                    FILE + ": " + field + " is " + value + "; allowed: " + least + " to " + most);
        }
        return number;
    }
}
