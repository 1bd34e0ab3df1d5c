package dev.weft.catalog.fetch;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.file.ChatFiles;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FileSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shape of the base that adapters must fit. Its config.json is fetched when the first version
 * needs it, and again as long as that fails. Once read it is kept. If a server beside the worker
 * serves the base, Weft need not know its family: the headers of its weights' files show the shape
 * then. Safe for any thread.
 */
public final class BaseModel {
    private static final Logger LOG = LoggerFactory.getLogger(BaseModel.class);

    private final RepositoryRef checkpoint;
    private final boolean relayed;
    private final RepositoryAccess repositories;
    private final Fetcher fetcher;
    private final Path folder;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable BaseShape shape;

    /**
     * @param relayed whether a server beside the worker serves the base
     */
    public BaseModel(
            RepositoryRef checkpoint,
            boolean relayed,
            RepositoryAccess repositories,
            Fetcher fetcher,
            Path folder) {
        this.checkpoint = checkpoint;
        this.relayed = relayed;
        this.repositories = repositories;
        this.fetcher = fetcher;
        this.folder = folder;
    }

    /** True if {@link #shape} returns at once. */
    public boolean known() {
        return shape != null;
    }

    /** Waits for the shape, at most until the {@linkplain FetchDeadline#latest latest} deadline. */
    public BaseShape shape(FetchDeadline deadline)
            throws RejectedException, DiskException, InterruptedException {
        BaseShape known = shape;
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
            known = shape;
            return known == null ? read(deadline) : known;
        } finally {
            fetching.unlock();
        }
    }

    /** The base's chat templates by name; their files are looked for each time. */
    public Map<String, String> templates(FetchDeadline deadline)
            throws RejectedException, DiskException, InterruptedException {
        try {
            return ChatFiles.templates(
                    fetched("chat template", FileSelection.CHAT, folder.resolve("chat"), deadline));
        } catch (DiskException e) {
            throw e;
        } catch (IOException e) {
            throw new RejectedException("BASE_UNAVAILABLE", "the base's chat template: " + e);
        }
    }

    private BaseShape read(FetchDeadline deadline)
            throws RejectedException, DiskException, InterruptedException {
        try {
            Path json =
                    fetched("config.json", FileSelection.CONFIG, folder, deadline)
                            .resolve("config.json");
            BaseShape read = relayed ? relayed(json, deadline) : embedded(json);
            shape = read;
            LOG.info(
                    "adapters are checked against {}: {} layers of {}, in {}layers",
                    checkpoint,
                    read.decoder().layers(),
                    read.decoder().hiddenSize(),
                    read.prefix());
            return read;
        } catch (RejectedException e) {
            throw new RejectedException(
                    e.reasons().stream().map(reason -> unavailable(reason.message())).toList());
        } catch (DiskException e) {
            throw e;
        } catch (IOException e) {
            throw new RejectedException("BASE_UNAVAILABLE", "the base's config.json: " + e);
        } catch (CheckpointException e) {
            throw new RejectedException(
                    "BASE_UNAVAILABLE", "the base is not served: " + e.getMessage());
        }
    }

    private static BaseShape embedded(Path json) throws IOException {
        return BaseShape.plain(ModelConfig.read(json).shape());
    }

    private BaseShape relayed(Path json, FetchDeadline deadline)
            throws RejectedException, IOException, InterruptedException {
        try {
            return BaseShape.ofConfig(Files.readString(json));
        } catch (CheckpointException e) {
            LOG.info("{}; so the base's weights show what adapters have to fit", e.getMessage());
        }
        return BaseShape.ofWeights(
                fetched("weights' heads", FileSelection.HEADS, folder.resolve("heads"), deadline));
    }

    private Path fetched(String what, FileSelection files, Path to, FetchDeadline deadline)
            throws RejectedException, IOException, InterruptedException {
        return fetcher.fetch(
                        "the base's " + what + " (" + checkpoint + ")",
                        () -> repositories.fetch(checkpoint, files, to, FetchListener.NONE),
                        deadline,
                        (pause, _) -> Thread.sleep(pause))
                .folder();
    }

    private static Reason unavailable(String message) {
        return new Reason("BASE_UNAVAILABLE", "config.json", null, null, null, message);
    }
}
