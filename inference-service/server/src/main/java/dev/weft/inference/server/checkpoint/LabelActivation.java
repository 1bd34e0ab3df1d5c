package dev.weft.inference.server.checkpoint;

import tools.jackson.databind.JsonNode;

/**
 * How logits of labels become scores, as vLLM reads it from the base's config.json: by {@code
 * problem_type}, else by what sentence-transformers wrote there.
 *
 * @param field the field of config.json that names the activation, with its value; empty if none
 *     does
 */
public record LabelActivation(Kind kind, String field) {
    /** config.json names no activation. */
    public static final LabelActivation DEFAULT = new LabelActivation(Kind.PROBABILITIES, "");

    /** The function that turns logits into scores. */
    public enum Kind {
        /** A softmax of several labels, a sigmoid of one. */
        PROBABILITIES,
        /** Logits stay as they are. */
        LOGITS,
        /** A sigmoid of each label. */
        SIGMOIDS,
        /** A sigmoid of one label; for several, tools read the same word differently. */
        SIGMOID_OF_ONE,
        /** A softmax of several labels; for one, tools read the same word differently. */
        SOFTMAX_OF_SEVERAL,
        /** A function that is not served. */
        UNSERVED
    }

    private static final String TYPE = "problem_type";
    private static final String NEWER = "sentence_transformers";
    private static final String NEWER_KEY = "activation_fn";
    private static final String OLDER = "sbert_ce_default_activation_function";

    static LabelActivation read(JsonNode config) {
        JsonNode type = config.path(TYPE);
        if (isSet(type) && !(type.isString() && type.stringValue().isEmpty())) {
            return named(TYPE, type, ofType(type.asString("")));
        }
        JsonNode sentences = config.path(NEWER);
        boolean newer = sentences.has(NEWER_KEY);
        JsonNode function = newer ? sentences.path(NEWER_KEY) : config.path(OLDER);
        String field = newer ? NEWER + "." + NEWER_KEY : OLDER;
        return isSet(function) ? named(field, function, ofClass(function.asString(""))) : DEFAULT;
    }

    private static boolean isSet(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static LabelActivation named(String field, JsonNode value, Kind kind) {
        return new LabelActivation(kind, field + " " + value);
    }

    private static Kind ofType(String type) {
        return switch (type) {
            case "regression" -> Kind.LOGITS;
            case "single_label_classification" -> Kind.PROBABILITIES;
            case "multi_label_classification" -> Kind.SIGMOIDS;
            default -> Kind.UNSERVED;
        };
    }

    /**
     * Reads the name of a torch class. vLLM takes both Sigmoid and Softmax for the one that fits
     * the number of labels.
     */
    private static Kind ofClass(String name) {
        return switch (name) {
            case "torch.nn.modules.linear.Identity" -> Kind.LOGITS;
            case "torch.nn.modules.activation.Sigmoid" -> Kind.SIGMOID_OF_ONE;
            case "torch.nn.modules.activation.Softmax" -> Kind.SOFTMAX_OF_SEVERAL;
            default -> Kind.UNSERVED;
        };
    }
}
