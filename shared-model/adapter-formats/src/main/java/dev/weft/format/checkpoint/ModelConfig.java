package dev.weft.format.checkpoint;

import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shape of a decoder, from config.json.
 *
 * @param contextLength most positions of a sequence: {@code max_position_embeddings}, or the
 *     sliding window if that is smaller and in use (within it both give the same answer)
 * @param headDim may differ from {@code hiddenSize / heads}
 */
public record ModelConfig(
        ModelFamily family,
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int intermediateSize,
        int contextLength,
        float rmsNormEps,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean tiedEmbeddings) {
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

    /** Input columns of a module's weight. */
    public int inputSize(LinearModule module) {
        return switch (module) {
            case Q, K, V, GATE, UP -> hiddenSize;
            case O -> heads * headDim;
            case DOWN -> intermediateSize;
        };
    }

    /** Output rows of a module's weight. */
    public int outputSize(LinearModule module) {
        return switch (module) {
            case Q -> heads * headDim;
            case K, V -> kvHeads * headDim;
            case O, DOWN -> hiddenSize;
            case GATE, UP -> intermediateSize;
        };
    }
}
