package dev.weft.inference.server.residency.artifact;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapters on this machine's disk, one folder per digest. A folder appears under its name only when
 * it is complete and matches its digest. It is checked again once per process and whenever its
 * {@link FolderStamp} has changed, and needs no catalog to serve. A digest is fetched once at a
 * time, whoever asks. Downloads wait on virtual threads; checks, which take the processor, run on
 * the load threads. Safe for any thread.
 */
public final class ArtifactCache {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);

    /** Fetches of one tenant at a time: further ones must not take the catalog from the others. */
    private static final int MOST_FETCHES = 8;

    private final Path root;
    private final ArtifactSource source;
    private final AdapterReader reader;
    private final LoadThreads loadThreads;
    private final TenantTurns fetches =
            new TenantTurns(
                    Thread.ofVirtual().name("fetch-", 0)::start, Integer.MAX_VALUE, MOST_FETCHES);
    private final LoadTimes times = new LoadTimes();
    private final Map<AdapterDigest, FolderStamp> verified = new ConcurrentHashMap<>();
    private final Map<AdapterDigest, CompletableFuture<Path>> running = new ConcurrentHashMap<>();

    public ArtifactCache(
            Path root, ArtifactSource source, AdapterReader reader, LoadThreads loadThreads) {
        this.root = root;
        this.source = source;
        this.reader = reader;
        this.loadThreads = loadThreads;
    }

    /** Adapters that are here and match their digests. */
    public List<AdapterDigest> held() {
        return List.copyOf(verified.keySet());
    }

    /** How long fetches, checks and loads take. */
    public LoadTimes times() {
        return times;
    }

    /** Bytes of each of {@link #held}. */
    public Map<AdapterDigest, Long> sizes() {
        Map<AdapterDigest, Long> sizes = new HashMap<>();
        verified.forEach((digest, stamp) -> sizes.put(digest, stamp.bytes()));
        return sizes;
    }

    /** True if nothing has to be fetched or checked. */
    public boolean has(AdapterDigest digest) {
        return verified.containsKey(digest);
    }

    /** True if a folder of it is here, checked or not; looks at the disk. */
    public boolean isOnDisk(AdapterDigest digest) {
        return Files.isDirectory(folder(digest));
    }

    /**
     * Brings an adapter here; completes with its folder, exceptionally if it can't be had.
     *
     * @param tenant the tenant that asks, and whose turn it takes
     */
    public CompletableFuture<Path> fetch(String tenant, AdapterDigest digest) {
        if (has(digest)) {
            return CompletableFuture.completedFuture(folder(digest));
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        CompletableFuture<Path> other = running.putIfAbsent(digest, mine);
        if (other != null) {
            return other;
        }
        fetches.execute(tenant, () -> complete(tenant, digest, mine));
        return mine;
    }

    /**
     * The adapter's folder; it is fetched if it isn't here yet.
     *
     * @throws ApiException {@code ADAPTER_LOADING} at the deadline, {@code ADAPTER_UNAVAILABLE}
     */
    public Path folder(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        try {
            return fetch("", digest).get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(digest, e);
        } catch (TimeoutException e) {
            throw new ApiException(
                    ErrorCode.ADAPTER_LOADING, "adapter " + digest + " is being fetched", e);
        }
    }

    /**
     * Opens a fetched adapter's weights; close it. Its values are read again only if the folder has
     * changed.
     *
     * @throws ApiException {@code ADAPTER_UNAVAILABLE} if it is no longer the adapter; the folder
     *     is dropped then, and the next request fetches it again
     */
    public LoraAdapter open(AdapterDigest digest) {
        Path folder = folder(digest);
        try {
            FolderStamp stamp = FolderStamp.of(folder);
            if (stamp.equals(verified.get(digest))) {
                return accepted(reader.reopen(folder, digest), digest);
            }
            LoraAdapter adapter = accepted(reader.read(folder), digest);
            verified.put(digest, stamp);
            return adapter;
        } catch (IOException e) {
            verified.remove(digest);
            deleteQuietly(folder);
            throw failure(digest, e);
        }
    }

    /** The error that a client is told. */
    public static ApiException failure(AdapterDigest digest, Throwable error) {
        Throwable cause =
                (error instanceof ExecutionException || error instanceof CompletionException)
                                && error.getCause() != null
                        ? error.getCause()
                        : error;
        return cause instanceof ApiException api
                ? api
                : new ApiException(
                        cause instanceof StackOverflowError
                                ? ErrorCode.REQUEST_FAILED
                                : ErrorCode.ADAPTER_UNAVAILABLE,
                        "adapter " + digest + " can't be used: " + Faults.reason(cause),
                        cause);
    }

    private void complete(String tenant, AdapterDigest digest, CompletableFuture<Path> result) {
        try {
            verified.put(digest, bring(tenant, digest));
            running.remove(digest);
            result.complete(folder(digest));
        } catch (InterruptedException | IOException | RuntimeException | Error e) {
            running.remove(digest);
            result.completeExceptionally(e);
        }
    }

    private FolderStamp bring(String tenant, AdapterDigest digest)
            throws IOException, InterruptedException {
        Path folder = folder(digest);
        if (Files.isDirectory(folder)) {
            try {
                return check(tenant, folder, digest);
            } catch (IOException e) {
                LOG.warn("adapter folder {} is dropped: {}", folder, e.getMessage());
                delete(folder);
            }
        }
        Files.createDirectories(root);
        Path part = Files.createTempDirectory(root, digest.hex() + LeftParts.PART);
        try {
            LeftParts.beside(part).forEach(ArtifactCache::deleteQuietly);
            long begun = System.nanoTime();
            source.download(digest, part);
            times.prepared(LoadTimes.Stage.FETCH, digest, begun);
            FolderStamp stamp = check(tenant, part, digest);
            try {
                Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
                return stamp;
            } catch (FileSystemException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
                // another worker of this data folder was faster
                return check(tenant, folder, digest);
            }
        } finally {
            deleteQuietly(part);
        }
    }

    /** Checks a folder on a load thread; returns the stamp taken before. */
    private FolderStamp check(String tenant, Path folder, AdapterDigest digest)
            throws IOException, InterruptedException {
        FutureTask<FolderStamp> check =
                new FutureTask<>(() -> {
                    FolderStamp stamp = FolderStamp.of(folder);
                    accepted(reader.read(folder), digest).close();
                    return stamp;
                });
        long begun = System.nanoTime();
        loadThreads.execute(tenant, check);
        try {
            FolderStamp stamp = check.get();
            times.prepared(LoadTimes.Stage.VERIFY, digest, begun);
            return stamp;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException("adapter folder " + folder + " can't be checked", e);
        }
    }

    private static LoraAdapter accepted(LoraCheck check, AdapterDigest digest) throws IOException {
        return switch (check) {
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
