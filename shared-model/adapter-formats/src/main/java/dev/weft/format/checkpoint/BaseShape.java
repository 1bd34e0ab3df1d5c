package dev.weft.format.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The shape that adapters are checked against: a base's decoder, and its place among the names of
 * the model's modules. A model that also sees or hears has its decoder below a name of its own.
 *
 * @param spellings what may stand before {@code layers.N} in an adapter's names, each with its last
 *     dot; the first is the checkpoint's own
 */
public record BaseShape(DecoderShape decoder, List<String> spellings) {
    /** A decoder that is a whole model. */
    public static final String PLAIN = "model.";

    /**
     * Names that transformers gives the decoder of a model that also sees or hears, since 4.52 and
     * before.
     */
    private static final List<String> OF_WRAPPERS =
            List.of("model.language_model.", "language_model.model.");

    public BaseShape {
        spellings = List.copyOf(spellings);
    }

    /** A decoder that is a whole model, in the names of transformers. */
    public static BaseShape plain(DecoderShape decoder) {
        return new BaseShape(decoder, List.of(PLAIN));
    }

    /**
     * Takes the shape from the text of a config.json, whatever types the weights are quantized to.
     *
     * @throws CheckpointException if the family is not described here, or fields are wrong
     */
    public static BaseShape ofConfig(String json) {
        return plain(ModelConfig.parseUnquantized(json).shape());
    }

    /**
     * Takes the shape from the names and shapes of a checkpoint's weights.
     *
     * @param folder with safetensors files, or with the heads of them in files {@code NAME.head}
     * @throws CheckpointException if they show no decoder, or several; says which
     * @throws IOException if a file can't be read or breaks the format
     */
    public static BaseShape ofWeights(Path folder) throws IOException {
        ShownDecoder shown = ShownDecoder.of(WeightHeads.read(folder));
        return new BaseShape(
                shown.shape(),
                List.of(List.of(shown.prefix(), PLAIN), OF_WRAPPERS).stream()
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
    }

    /** What stands before {@code layers.N} in the checkpoint's own names. */
    public String prefix() {
        return spellings.getFirst();
    }

    /** Whether the shape comes from the names and shapes of the weights, and not from a family. */
    public boolean isShown() {
        return spellings.size() > 1;
    }
}
