package dev.weft.catalog.fetch;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FileSelection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shape of the base that adapters must fit. Its config.json is fetched when the first version
 * needs it, and again as long as that fails. Once read it is kept. Safe for any thread.
 */
public final class BaseModel {
    private static final Logger LOG = LoggerFactory.getLogger(BaseModel.class);

    private final RepositoryRef checkpoint;
    private final RepositoryAccess repositories;
    private final Fetcher fetcher;
    private final Path folder;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable ModelConfig config;

    public BaseModel(
            RepositoryRef checkpoint, RepositoryAccess repositories, Fetcher fetcher, Path folder) {
        this.checkpoint = checkpoint;
        this.repositories = repositories;
        this.fetcher = fetcher;
        this.folder = folder;
    }

    /** True if {@link #config} returns at once. */
    public boolean known() {
        return config != null;
    }

    /** Waits for the config, at most until the deadline. */
    public ModelConfig config(Deadline deadline) throws RejectedException, InterruptedException {
        ModelConfig known = config;
        if (known != null) {
            return known;
        }
        if (!fetching.tryLock(deadline.latest().left().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new RejectedException(
                    "BASE_UNAVAILABLE",
                    "the base's config.json ("
                            + checkpoint
                            + ") did not come within "
                            + deadline.whole().multipliedBy(Fetcher.TIMES_AWAY).toSeconds()
                            + " s ("
                            + Fetcher.TIMES_AWAY
                            + " times weft.catalog.ingest-timeout)");
        }
        try {
            known = config;
            return known == null ? read(deadline) : known;
        } finally {
            fetching.unlock();
        }
    }

    private ModelConfig read(Deadline deadline) throws RejectedException, InterruptedException {
        try {
            Path json =
                    fetcher.fetch(
                                    "the base's config.json (" + checkpoint + ")",
                                    () ->
                                            repositories.fetch(
                                                    checkpoint,
                                                    FileSelection.CONFIG,
                                                    folder,
                                                    FetchListener.NONE),
                                    deadline,
                                    (pause, _) -> Thread.sleep(pause))
                            .folder()
                            .resolve("config.json");
            ModelConfig read = ModelConfig.read(json);
            config = read;
            LOG.info(
                    "adapters are checked against {}: {}, {} layers of {}",
                    checkpoint,
                    read.family(),
                    read.shape().layers(),
                    read.shape().hiddenSize());
            return read;
        } catch (RejectedException e) {
            throw new RejectedException(
                    e.reasons().stream().map(reason -> unavailable(reason.message())).toList());
        } catch (IOException e) {
            throw new RejectedException("BASE_UNAVAILABLE", "the base's config.json: " + e);
        } catch (CheckpointException e) {
            throw new RejectedException(
                    "BASE_UNAVAILABLE", "the base is not served: " + e.getMessage());
        }
    }

    private static Reason unavailable(String message) {
        return new Reason("BASE_UNAVAILABLE", "config.json", null, null, null, message);
    }
}
