package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.fetch.SourceException;
import dev.weft.standalone.failure.CommandException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/** The base's checkpoint, in the folder in which a worker of the same data folder looks for it. */
final class EngineCheckpoint {
    private final RepositoryRef checkpoint;
    private final CheckpointFetch fetch;

    /**
     * @param data the launcher's folder for state, as {@code serve} uses it
     */
    EngineCheckpoint(Deployment deployment, Path data) {
        this.checkpoint = deployment.base().checkpoint();
        this.fetch =
                new CheckpointFetch(
                        new Repositories(
                                SourceConfiguration.of(
                                        deployment.settings(), deployment.repositories()),
                                Clock.systemUTC()),
                        data.resolve("worker"));
    }

    /** The checkpoint's folder, with at least config.json. */
    Path withConfig() throws CommandException {
        try {
            return fetch.fetchConfig(checkpoint).toAbsolutePath().normalize();
        } catch (SourceException e) {
            throw unavailable(e);
        }
    }

    /** Fetches the whole checkpoint. */
    void bring(Consumer<String> progress) throws CommandException {
        try {
            fetch.fetch(checkpoint, progress);
        } catch (SourceException e) {
            throw unavailable(e);
        }
    }

    private CommandException unavailable(SourceException e) {
        return new CommandException(
                "the checkpoint " + checkpoint + " can't be fetched: " + e.getMessage(), e);
    }
}
