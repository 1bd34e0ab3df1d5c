package dev.weft.format.checkpoint;

import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.quantised.Quantisation;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A decoder, as its config.json describes it.
 *
 * @param family {@code model_type}
 * @param shape the layers that adapters are checked against
 * @param plan what the forward pass is composed of
 * @param quantisation how the weights of its linear layers are stored
 */
public record ModelConfig(
        String family, DecoderShape shape, DecoderPlan plan, Quantisation quantisation) {
    /**
     * The tokens of the model.
     *
     * @param tied whether the output layer has the weights of the embedding
     */
    public record Vocabulary(int size, boolean tied) {}

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
        return Families.read(object(json));
    }

    /** The values of {@code model_type} that are served, sorted; tests go through all. */
    public static List<String> families() {
        return Families.names();
    }

    /**
     * {@code pad_token_id} of a config.json that has no such field: the family's in transformers.
     *
     * @param modelType {@code model_type}; the result is empty for a type that is not served
     */
    public static OptionalInt defaultPadding(String modelType) {
        return Families.padding(modelType);
    }

    /**
     * {@code eos_token_id} of a family if config.json has no such field.
     *
     * @param modelType {@code model_type}; the result is empty for a type that is not served
     */
    public static OptionalInt defaultEndToken(String modelType) {
        return Families.endToken(modelType);
    }

    /**
     * Reads a config.json for a server that reads the weights itself: fields about their form and
     * their file are ignored.
     */
    static ModelConfig parseUnquantized(String json) {
        ObjectNode root = object(json);
        root.remove("quantization_config");
        root.remove("transformers_weights");
        return Families.read(root);
    }

    private static ObjectNode object(String json) {
        try {
            if (JsonMapper.shared().readTree(json) instanceof ObjectNode root) {
                return root;
            }
            throw new CheckpointException("config.json: not a JSON object");
        } catch (JacksonException e) {
            throw new CheckpointException("config.json: not valid JSON" + line(e) + ": " + why(e));
        }
    }

    private static String line(JacksonException fault) {
        TokenStreamLocation location = fault.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " in line " + location.getLineNr();
    }

    private static String why(JacksonException fault) {
        String why = InvalidJson.words(fault);
        // Python writes NaN and Infinity; Jackson's words for them are for programmers.
        return why.contains("Non-standard token")
                ? "NaN and Infinity are not JSON numbers; write null, or a number"
                : why;
    }

    public Vocabulary vocabulary() {
        return new Vocabulary(plan.embedding().tokens(), plan.embedding().tied());
    }

    /** Most positions of a sequence: {@code max_position_embeddings}, stretched by the rotation. */
    public int contextLength() {
        return plan.contextLength();
    }
}
