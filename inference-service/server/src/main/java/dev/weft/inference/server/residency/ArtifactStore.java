package dev.weft.inference.server.residency;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.Reason;
import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapters on this machine's disk, one folder per digest. A folder appears under its name only when
 * all of it is there and has been found to be what its digest says; it is checked again once per
 * process, and serves without a catalog. A digest is fetched once at a time, whoever asks. Safe for
 * any thread.
 */
public final class ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);

    private final Path root;
    private final ArtifactSource source;
    private final AdapterReader reader;
    private final Set<AdapterDigest> verified = ConcurrentHashMap.newKeySet();
    private final Map<AdapterDigest, CompletableFuture<Path>> running = new ConcurrentHashMap<>();

    public ArtifactStore(Path root, ArtifactSource source, AdapterReader reader) {
        this.root = root;
        this.source = source;
        this.reader = reader;
    }

    /** Brings an adapter here; completes with its folder, exceptionally where it can't be had. */
    CompletableFuture<Path> fetch(AdapterDigest digest) {
        if (verified.contains(digest)) {
            return CompletableFuture.completedFuture(folder(digest));
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        CompletableFuture<Path> other = running.putIfAbsent(digest, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual()
                .name("fetch-" + digest.abbreviated())
                .start(() -> complete(digest, mine));
        return mine;
    }

    /**
     * The adapter's folder, fetched where it is not here yet.
     *
     * @throws ApiException {@code ADAPTER_LOADING} at the deadline, {@code ADAPTER_UNAVAILABLE}
     */
    public Path folder(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        try {
            return fetch(digest).get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(digest, e);
        } catch (TimeoutException e) {
            throw new ApiException(
                    ErrorCode.ADAPTER_LOADING, "adapter " + digest + " is being fetched", e);
        }
    }

    /**
     * Opens a fetched adapter's weights; close it.
     *
     * @throws ApiException {@code ADAPTER_UNAVAILABLE} where the folder is not what it was; it is
     *     dropped then, and fetched again by the next who asks
     */
    LoraAdapter open(AdapterDigest digest) {
        try {
            return check(folder(digest), digest);
        } catch (IOException e) {
            verified.remove(digest);
            deleteQuietly(folder(digest));
            throw failure(digest, e);
        }
    }

    /** What a client is told. */
    static ApiException failure(AdapterDigest digest, Throwable error) {
        Throwable cause =
                (error instanceof ExecutionException || error instanceof CompletionException)
                                && error.getCause() != null
                        ? error.getCause()
                        : error;
        return cause instanceof ApiException api
                ? api
                : new ApiException(
                        ErrorCode.ADAPTER_UNAVAILABLE,
                        "adapter " + digest + " can't be had: " + cause.getMessage(),
                        cause);
    }

    private void complete(AdapterDigest digest, CompletableFuture<Path> result) {
        try {
            Path folder = bring(digest);
            verified.add(digest);
            running.remove(digest);
            result.complete(folder);
        } catch (InterruptedException | IOException | RuntimeException e) {
            running.remove(digest);
            result.completeExceptionally(e);
        }
    }

    private Path bring(AdapterDigest digest) throws IOException, InterruptedException {
        Path folder = folder(digest);
        if (Files.isDirectory(folder)) {
            try {
                check(folder, digest).close();
                return folder;
            } catch (IOException e) {
                LOG.warn("adapter folder {} is dropped: {}", folder, e.getMessage());
                delete(folder);
            }
        }
        Files.createDirectories(root);
        Path part = Files.createTempDirectory(root, digest.hex() + ".part-");
        try {
            source.download(digest, part);
            check(part, digest).close();
            return Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteQuietly(part);
        }
    }

    private LoraAdapter check(Path folder, AdapterDigest digest) throws IOException {
        return switch (reader.read(folder)) {
            case LoraCheck.Refused(List<Reason> reasons) ->
                    throw new IOException(
                            reasons.stream()
                                    .map(Reason::message)
                                    .collect(Collectors.joining("; ")));
            case LoraCheck.Accepted(LoraAdapter adapter, var _) -> {
                if (!adapter.digest().equals(digest)) {
                    adapter.close();
                    throw new IOException("its files are those of " + adapter.digest());
                }
                yield adapter;
            }
        };
    }

    private Path folder(AdapterDigest digest) {
        return root.resolve(digest.hex());
    }

    private static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: {}", folder, e.toString());
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
