package dev.weft.inference.server.models;

import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.pooling.Pooling;
import dev.weft.inference.server.checkpoint.BasePooling;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.RecentAdapters;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the base and its adapters were trained for. Safe for any thread. */
public final class ModelTasks {
    /** Tasks are small; beyond so many, the least recently used one is dropped. */
    private static final int KEPT = 4096;

    private final BasePooling base;
    private final ArtifactCache artifacts;
    private final RecentAdapters<ModelTask> adapters = new RecentAdapters<>(KEPT);

    ModelTasks(BasePooling base, ArtifactCache artifacts) {
        this.base = base;
        this.artifacts = artifacts;
    }

    /** What the base's folder says of vectors. */
    public BasePooling base() {
        return base;
    }

    /**
     * The task of a request's model; waits for the adapter's files if they aren't here yet.
     *
     * @throws ApiException as {@link ArtifactCache#folder}, and {@code ADAPTER_UNAVAILABLE} if the
     *     adapter's configuration can't be read
     */
    public ModelTask of(ResolvedModel model, Deadline deadline) throws InterruptedException {
        AdapterDigest adapter = model.adapter();
        if (adapter == null) {
            return new ModelTask.Text(base.pooling(), base.whyNot());
        }
        Optional<ModelTask> known = adapters.find(adapter);
        if (known.isPresent()) {
            return known.get();
        }
        ModelTask read = read(adapter, artifacts.folder(adapter, deadline));
        adapters.keep(adapter, read);
        return read;
    }

    /**
     * Refuses a model that makes no text.
     *
     * @throws ApiException {@code INVALID_VALUE} that says what it can be asked for; as {@link #of}
     */
    public void requireText(ResolvedModel model, Deadline deadline) throws InterruptedException {
        switch (of(model, deadline)) {
            case ModelTask.Text _ -> {}
            case ModelTask.Vectors _ ->
                    throw wrongTask(
                            model,
                            "makes vectors (task_type FEATURE_EXTRACTION)",
                            "/v1/embeddings and /v1/score");
            case ModelTask.Labels _ ->
                    throw wrongTask(
                            model,
                            "scores labels (task_type SEQ_CLS)",
                            "/v1/classify, /v1/score and /v1/rerank");
        }
    }

    /** The error for a request that its model can't answer. */
    public static ApiException wrongTask(ResolvedModel model, String task, String instead) {
        return new ApiException(
                ErrorCode.INVALID_VALUE,
                "The model '" + model.name() + "' " + task + "; allowed here: " + instead,
                "model");
    }

    private ModelTask read(AdapterDigest adapter, Path folder) {
        try {
            DeclaredTask task = DeclaredTask.of(folder);
            return switch (task.kind()) {
                case CAUSAL_LM ->
                        new ModelTask.Text(
                                null, "it was trained to make text (task_type CAUSAL_LM or none)");
                case FEATURE_EXTRACTION -> vectors(task.pooling());
                case SEQ_CLS -> new ModelTask.Labels();
            };
        } catch (IOException e) {
            throw new ApiException(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "adapter " + adapter + " can't be served: " + e.getMessage(),
                    e);
        }
    }

    /**
     * The task of an adapter that makes vectors: with the adapter's own pooling, else the base's,
     * which may not be served, else vLLM's for decoders.
     */
    private ModelTask vectors(@Nullable Pooling own) {
        if (own != null) {
            return new ModelTask.Vectors(own, "");
        }
        return base.declared()
                ? new ModelTask.Vectors(base.pooling(), base.whyNot())
                : new ModelTask.Vectors(Pooling.DEFAULT, "");
    }
}
