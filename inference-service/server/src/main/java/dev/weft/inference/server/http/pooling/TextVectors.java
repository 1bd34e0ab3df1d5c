package dev.weft.inference.server.http.pooling;

import dev.weft.format.pooling.Pooling;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.models.ModelTask;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.protocol.path.ModelPaths;
import java.util.Arrays;

/** Vectors of texts: which models make them, and their arithmetic in 64 bits. */
final class TextVectors {
    /**
     * The least length to divide by, so that a vector of zeros stays one, as torch's {@code
     * normalize} has it.
     */
    private static final double LEAST_LENGTH = 1e-12;

    private TextVectors() {}

    /**
     * How a request's model pools.
     *
     * @throws dev.weft.protocol.error.ApiException if it makes no vectors; says why
     */
    static Pooling pooling(PoolServing.Asked asked, String path) {
        return switch (asked.task()) {
            case ModelTask.Vectors(var pooling, String why) -> {
                if (pooling == null) {
                    throw ModelTasks.wrongTask(
                            asked.model(),
                            "would pool as its base does, which is not served: " + why,
                            "adapters whose folder says how they pool");
                }
                yield pooling;
            }
            case ModelTask.Text(var pooling, String why) -> {
                if (pooling == null) {
                    throw ModelTasks.wrongTask(
                            asked.model(),
                            "makes no vectors: " + why,
                            "adapters with task_type FEATURE_EXTRACTION, and a base whose folder"
                                    + " has the files of sentence-transformers");
                }
                yield pooling;
            }
            case ModelTask.Labels() ->
                    throw ModelTasks.wrongTask(
                            asked.model(),
                            "scores labels (task_type SEQ_CLS)",
                            path.equals(ModelPaths.EMBEDDINGS)
                                    ? "/v1/classify, /v1/score and /v1/rerank"
                                    : "models that make vectors");
        };
    }

    static PooledOutput output(Pooling pooling) {
        return switch (pooling.mode()) {
            case LAST -> PooledOutput.LAST;
            case MEAN -> PooledOutput.MEAN;
        };
    }

    /** The first values of a vector, divided by their length if asked for. */
    static float[] taken(float[] vector, int count, boolean unit) {
        float[] taken = Arrays.copyOf(vector, count);
        double length = unit ? Math.max(LEAST_LENGTH, Math.sqrt(dot(taken, taken))) : 1;
        for (int i = 0; unit && i < count; i++) {
            taken[i] = (float) (taken[i] / length);
        }
        return taken;
    }

    /** Cosine of the angle between two vectors; 0 if one has no length. */
    static double cosine(float[] one, float[] other) {
        double lengths = Math.sqrt(dot(one, one)) * Math.sqrt(dot(other, other));
        return lengths == 0 ? 0 : dot(one, other) / lengths;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
