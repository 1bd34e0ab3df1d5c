package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What labels' logits mean, as vLLM has it. In 64 bits. */
final class LabelScores {
    private LabelScores() {}

    /**
     * The tokens that a classifier reads: transformers takes the last one that is no padding, and
     * later ones change nothing before them. One token always stays.
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

    /** Probabilities of the labels: a sigmoid for one, else a softmax. */
    static float[] probabilities(float[] logits) {
        if (logits.length == 1) {
            return new float[] {(float) sigmoid(logits[0])};
        }
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

    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** The one score of an adapter; refuses an adapter with several labels. */
    static double single(float[] logits, ResolvedModel model) {
        if (logits.length == 1) {
            return logits[0];
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
