package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.checkpoint.LabelActivation;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Turns logits of labels into scores, as vLLM does. In 64 bits. */
final class LabelScores {
    private LabelScores() {}

    /**
     * Cuts padding off the prompts' ends. Like transformers, a classifier takes the last token that
     * is not padding, and later tokens do not change earlier ones. One token always stays.
     */
    static List<List<Integer>> read(List<List<Integer>> prompts, OptionalInt padding) {
        if (padding.isEmpty()) {
            return prompts;
        }
        List<List<Integer>> read = new ArrayList<>();
        for (List<Integer> prompt : prompts) {
            int end = prompt.size();
            while (end > 1 && prompt.get(end - 1) == padding.getAsInt()) {
                end--;
            }
            read.add(prompt.subList(0, end));
        }
        return read;
    }

    /**
     * Refuses an activation that is not served for any number of labels.
     *
     * @throws ApiException that names config.json's field
     */
    static void require(LabelActivation activation, ResolvedModel model) {
        if (activation.kind() == LabelActivation.Kind.UNSERVED) {
            throw unserved(activation, model, "");
        }
    }

    /**
     * Scores of the labels.
     *
     * @throws ApiException if the activation is not served for so many labels
     */
    static float[] activated(float[] logits, LabelActivation activation, ResolvedModel model) {
        boolean isOne = logits.length == 1;
        return switch (activation.kind()) {
            case PROBABILITIES -> isOne ? sigmoids(logits) : softmax(logits);
            case LOGITS -> logits;
            case SIGMOIDS -> sigmoids(logits);
            case SIGMOID_OF_ONE -> {
                if (!isOne) {
                    throw unserved(activation, model, " for " + logits.length + " labels");
                }
                yield sigmoids(logits);
            }
            case SOFTMAX_OF_SEVERAL -> {
                if (isOne) {
                    throw unserved(activation, model, " for one label");
                }
                yield softmax(logits);
            }
            case UNSERVED -> throw unserved(activation, model, "");
        };
    }

    private static ApiException unserved(
            LabelActivation activation, ResolvedModel model, String labels) {
        return ModelTasks.wrongTask(
                model,
                "scores labels by its base's config.json: "
                        + activation.field()
                        + ", which is not served"
                        + labels,
                "use_activation false, or in config.json problem_type regression,"
                        + " single_label_classification, multi_label_classification or none");
    }

    private static float[] sigmoids(float[] logits) {
        float[] sigmoids = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            sigmoids[i] = (float) (1 / (1 + Math.exp(-(double) logits[i])));
        }
        return sigmoids;
    }

    private static float[] softmax(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (Math.exp(logits[i] - max) / sum);
        }
        return probabilities;
    }

    /** Refuses an adapter with several labels if one score is wanted. */
    static float[] single(float[] logits, ResolvedModel model) {
        if (logits.length == 1) {
            return logits;
        }
        throw new ApiException(
                ErrorCode.INVALID_VALUE,
                "The model '"
                        + model.name()
                        + "' has "
                        + logits.length
                        + " labels, and a score is of one; allowed here: adapters with one label,"
                        + " or /v1/classify",
                "model");
    }
}
