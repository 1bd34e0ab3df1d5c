package dev.weft.inference.server.http.pooling;

import dev.weft.format.pooling.Pooling;
import dev.weft.inference.server.checkpoint.BasePooling;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.protocol.path.ModelPaths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bodies of {@code /v1/embeddings}. */
record EmbeddingRequests(PoolServing serving, int hiddenSize) {
    PreparedPool read(byte[] body, Sender sender) throws InterruptedException {
        PoolServing.Asked asked = serving.asked(body, sender);
        JsonFields fields = asked.fields();
        Pooling pooling = TextVectors.pooling(asked, ModelPaths.EMBEDDINGS);
        boolean unit = PoolServing.activates(fields, pooling.normalized());
        Integer length = length(fields);
        boolean base64 = base64(fields);
        List<List<Integer>> inputs = serving.inputs(fields, pooling.longest()).inputs("input");
        AnswerHead head = serving.head("embd-", asked);
        return new PreparedPool(
                asked.model(),
                serving.request(head, asked, inputs, TextVectors.output(pooling)),
                new EmbeddingFormat(head, length == null ? hiddenSize : length, unit, base64));
    }

    private static boolean base64(JsonFields fields) {
        String format = fields.text("encoding_format").orElse("float");
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                    throw fields.invalid(
                            "encoding_format",
                            fields.required("encoding_format", "a string"),
                            "\"float\" or \"base64\"");
        };
    }

    /** {@code dimensions}; null if all are wanted. */
    private @Nullable Integer length(JsonFields fields) {
        Integer asked = fields.integer("dimensions", 1, hiddenSize);
        if (asked == null || asked == hiddenSize) {
            return null;
        }
        BasePooling base = serving.tasks().base();
        if (!base.prefixes()) {
            throw fields.unsupported(
                    "dimensions",
                    hiddenSize
                            + ", or leave it out: the base's config.json doesn't say that the first"
                            + " values of a vector are a vector (is_matryoshka)");
        }
        if (!base.lengths().isEmpty() && !base.lengths().contains(asked)) {
            throw fields.unsupported(
                    "dimensions",
                    "one of "
                            + base.lengths().stream().sorted().toList()
                            + " (matryoshka_dimensions)");
        }
        return asked;
    }
}
