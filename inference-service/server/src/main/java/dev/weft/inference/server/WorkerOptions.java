package dev.weft.inference.server;

import dev.weft.access.ServiceAccess;
import dev.weft.access.holder.Loopback;
import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.WeftSettings;
import dev.weft.deployment.WeftSettings.EngineChoice;
import dev.weft.format.trtllm.EngineDemands;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.SourceSettings;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a worker.
 *
 * @param gpu settings that only an engine on a GPU uses
 * @param bindAddress address it listens on
 * @param data folder of its own, for downloaded checkpoints and adapters
 * @param checkpoint the base model
 * @param sources how it is reached
 * @param servedModelName what clients call the base
 * @param maxLoraRank largest rank an adapter may have
 * @param catalog address of the catalog
 * @param catalogToken sent to it; null for none
 * @param keys whether clients need a token, wherever the worker listens
 * @param tracing what is traced, and where it goes
 * @param management the address of the metrics
 * @param tls what it shows and believes
 * @param progress told in words, while the worker starts, what it is doing
 */
public record WorkerOptions(
        WeftSettings.Inference settings,
        WeftSettings.Metrics metrics,
        EngineChoice engine,
        Gpu gpu,
        String bindAddress,
        Path data,
        RepositoryRef checkpoint,
        SourceSettings sources,
        String servedModelName,
        int maxLoraRank,
        URI catalog,
        @Nullable String catalogToken,
        boolean keys,
        Management management,
        ServiceTls tls,
        Consumer<String> progress,
        Clock clock,
        TracingSettings tracing) {

    /**
     * The deployment's settings for a GPU.
     *
     * @param asked whether it asks for one
     * @param asksOfEngine what an engine on a GPU must have been built for
     */
    public record Gpu(boolean asked, EngineDemands asksOfEngine, WeftSettings.Triton triton) {
        /** A deployment's. */
        public static Gpu of(Deployment deployment) {
            return new Gpu(
                    deployment.useGpu(), deployment.engineDemands(), deployment.weft().triton());
        }
    }

    /** Who may use the worker. */
    ServiceAccess access() {
        return new ServiceAccess(keys, Loopback.is(bindAddress), catalog, catalogToken);
    }

    /** Leaves the tokens out. */
    @Override
    public String toString() {
        return "WorkerOptions[" + servedModelName + ", catalog=" + catalog + "]";
    }
}
