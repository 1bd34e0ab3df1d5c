package dev.weft.catalog.base;

import dev.weft.deployment.Deployment;
import dev.weft.format.trtllm.AdaptableModules;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.service.settings.EngineSettings;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A base model whose adapters the catalog takes.
 *
 * @param id stays the same if the base is renamed
 * @param declared whether it comes from a deployment file
 * @param shape that adapters were checked against last; null if none was yet
 */
public record Base(long id, Facts facts, boolean declared, Instant created, @Nullable Shape shape) {
    /**
     * The sizes of a checkpoint's decoder.
     *
     * @param intermediateSize width of the MLP
     */
    public record Shape(int layers, int hiddenSize, int intermediateSize) {
        /** The sizes as messages have them. */
        @Override
        public String toString() {
            return "%d layers of %d and %d".formatted(layers, hiddenSize, intermediateSize);
        }
    }

    /**
     * What adapters must fit.
     *
     * @param name by which clients call it
     * @param checkpoint where it lies
     * @param maxRank largest rank of an adapter
     * @param engine that serves it
     * @param modules that adapters may change; empty if all may be changed
     */
    public record Facts(
            String name,
            RepositoryRef checkpoint,
            int maxRank,
            EngineSettings.Choice engine,
            Set<LinearModule> modules) {
        public Facts {
            modules = Collections.unmodifiableSet(new TreeSet<>(modules));
        }

        /** What a deployment file says of its base. */
        public static Facts of(Deployment deployment) {
            EngineSettings.Choice engine = deployment.settings(EngineSettings.class).engine();
            // an engine of TensorRT-LLM is built for certain modules if its file names them
            Set<LinearModule> modules =
                    engine == EngineSettings.Choice.TENSORRT_LLM
                            ? AdaptableModules.complete(
                                    deployment.tensorRt().build().loraTargetModules())
                            : Set.of();
            return new Facts(
                    deployment.base().servedName(),
                    deployment.base().checkpoint(),
                    deployment.lora().maxRank(),
                    engine,
                    modules);
        }

        /** Returns these facts under another name. */
        Facts named(String other) {
            return new Facts(other, checkpoint, maxRank, engine, modules);
        }
    }

    public String name() {
        return facts.name();
    }

    public RepositoryRef checkpoint() {
        return facts.checkpoint();
    }
}
