package dev.weft.inference.server;

import dev.weft.model.deployment.WeftSettings;
import dev.weft.model.deployment.WeftSettings.EngineChoice;
import dev.weft.model.repository.RepositoryRef;
import dev.weft.source.SourceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What a worker needs to know.
 *
 * @param bindAddress address it listens on
 * @param data folder of its own, for downloaded checkpoints and adapters
 * @param checkpoint the base model
 * @param sources how it is reached
 * @param servedModelName what clients call the base
 * @param maxLoraRank largest rank an adapter may have
 * @param catalog address of the catalog
 * @param progress told in words what is under way, while the worker starts
 */
public record WorkerOptions(
        WeftSettings.Inference settings,
        EngineChoice engine,
        String bindAddress,
        Path data,
        RepositoryRef checkpoint,
        SourceSettings sources,
        String servedModelName,
        int maxLoraRank,
        URI catalog,
        Consumer<String> progress,
        Clock clock) {}
