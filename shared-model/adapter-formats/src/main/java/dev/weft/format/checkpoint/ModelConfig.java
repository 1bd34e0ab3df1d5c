package dev.weft.format.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A decoder, as its config.json describes it.
 *
 * @param contextLength most positions of a sequence: {@code max_position_embeddings}, or the
 *     sliding window if that is smaller and in use (within it both give the same answer)
 */
public record ModelConfig(
        ModelFamily family,
        Vocabulary vocabulary,
        DecoderShape shape,
        int contextLength,
        float rmsNormEps,
        Rope rope) {
    /**
     * The tokens of the model.
     *
     * @param tied whether the output layer has the weights of the embedding
     */
    public record Vocabulary(int size, boolean tied) {}

    /**
     * The rotary embedding of positions.
     *
     * @param theta base of the frequencies
     */
    public record Rope(double theta, RopeScaling scaling) {}

    /**
     * Reads config.json.
     *
     * @throws CheckpointException with every fault: fields that are missing, and fields that would
     *     change answers but are not served
     * @throws IOException if the file can't be read
     */
    public static ModelConfig read(Path configJson) throws IOException {
        return parse(Files.readString(configJson));
    }

    /** Reads the text of a config.json; see {@link #read}. */
    public static ModelConfig parse(String json) {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            if (!root.isObject()) {
                throw new CheckpointException("config.json: not a JSON object");
            }
            return new ConfigReader(root).read();
        } catch (JacksonException e) {
            throw new CheckpointException("config.json: no valid JSON: " + e.getOriginalMessage());
        }
    }
}
