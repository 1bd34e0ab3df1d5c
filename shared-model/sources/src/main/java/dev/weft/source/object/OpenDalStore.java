package dev.weft.source.object;

import dev.weft.source.http.CheckingProxy.Failure;
import dev.weft.source.object.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.opendal.AsyncOperator;
import org.apache.opendal.Entry;
import org.apache.opendal.ListOptions;
import org.apache.opendal.Metadata;
import org.apache.opendal.OpenDALException;
import org.apache.opendal.Operator;
import org.apache.opendal.ReadOptions;

/** A store through one OpenDAL operator, which lives as long as the process. */
final class OpenDalStore implements ObjectStore {
    /**
     * A call may last that many times the silence: a listing or a piece is a few packets at least.
     */
    private static final int PATIENCE = 4;

    /** Larger objects are written in parts of this size; S3 wants 5 MiB at least. */
    private static final int PART = 8 << 20;

    private final String address;
    private final AsyncOperator operator;
    private final Duration patience;
    private final ListingTurns turns;

    private OpenDalStore(
            String address, AsyncOperator operator, Duration patience, ListingTurns turns) {
        this.address = address;
        this.operator = operator;
        this.patience = patience;
        this.turns = turns;
    }

    /**
     * Makes the operator; no request is sent yet.
     *
     * @param address for messages
     * @param silence longest silence allowed; a call may last four times as long
     * @param turns of the listings of this store and others
     */
    static ObjectStore open(
            String address,
            String scheme,
            Map<String, String> settings,
            Duration silence,
            ListingTurns turns)
            throws StoreException {
        try {
            AsyncOperator operator = AsyncOperator.of(scheme, settings);
            return new OpenDalStore(address, operator, silence.multipliedBy(PATIENCE), turns);
        } catch (OpenDALException e) {
            throw new StoreException(
                    Kind.INVALID, address + ": its settings are not usable (" + e.getCode() + ")");
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw new StoreException(
                    Kind.INVALID,
                    address + ": OpenDAL's native part can't be loaded on this machine: " + e);
        }
    }

    @Override
    public List<StoreObject> list(String folder, boolean recursive) throws IOException {
        ListOptions options = ListOptions.builder().recursive(recursive).build();
        CompletableFuture<List<Entry>> entries = begin(folder, options);
        try {
            return call("listing", entries).stream()
                    .filter(entry -> entry.getMetadata().isFile())
                    .map(OpenDalStore::object)
                    .toList();
        } finally {
            turns.left(address, entries);
        }
    }

    private CompletableFuture<List<Entry>> begin(String folder, ListOptions options)
            throws IOException {
        try {
            return turns.begin(address, patience, () -> operator.list(folder, options));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException(address + ": interrupted", e);
    }

    @Override
    public Optional<StoreObject> stat(String name) throws IOException {
        try {
            return Optional.of(object(new Entry(name, call(name, operator.stat(name)))));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public CompletableFuture<byte[]> read(String name, long from, int length) {
        return operator.read(name, ReadOptions.builder().offset(from).length(length).build());
    }

    @Override
    public byte[] await(CompletableFuture<byte[]> piece, int length) throws IOException {
        return call("a piece of " + length + " bytes", piece);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        call(name, operator.write(name, content));
    }

    @Override
    public void write(String name, Path file) throws IOException {
        long size = Files.size(file);
        if (size <= PART) {
            write(name, Files.readAllBytes(file));
            return;
        }
        // Native calls block their thread: each gets one of its own, so that the wait can end.
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("weft-source-upload")
                .start(() -> upload(name, file, done));
        call(name, done, patience.multipliedBy(1 + size / PART));
    }

    private void upload(String name, Path file, CompletableFuture<Void> done) {
        try (Operator blocking = operator.blocking()) {
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = blocking.createOutputStream(name, PART)) {
                in.transferTo(out);
            }
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        call(name, operator.delete(name));
    }

    private static StoreObject object(Entry entry) {
        Metadata metadata = entry.getMetadata();
        String etag = metadata.getEtag() == null ? "" : metadata.getEtag();
        String md5 = metadata.getContentMd5() == null ? "" : metadata.getContentMd5();
        return new StoreObject(
                entry.getPath(),
                metadata.getContentLength(),
                etag.replace("\"", ""),
                isMd5(md5) ? md5 : "",
                Optional.ofNullable(metadata.getLastModified()));
    }

    private static boolean isMd5(String text) {
        try {
            return Base64.getDecoder().decode(text).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private <T> T call(String what, CompletableFuture<T> answer) throws IOException {
        return call(what, answer, patience);
    }

    private <T> T call(String what, CompletableFuture<T> answer, Duration limit)
            throws IOException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StoreException(
                    Kind.TIMEOUT, address + ": " + what + ": no answer within " + limit);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw failed(what, e);
        }
    }

    /** OpenDAL's own messages hold addresses with signatures: only their kind is shown. */
    private StoreException failed(String what, ExecutionException e) {
        if (!(e.getCause() instanceof OpenDALException cause)) {
            return new StoreException(
                    Kind.UNAVAILABLE, address + ": " + what + ": " + e.getCause());
        }
        Optional<Failure> stopped =
                StoreWords.mayBeOfEgress(cause)
                        ? StoreEgress.failureSince(System.nanoTime() - patience.toNanos())
                        : Optional.empty();
        if (stopped.isPresent()) {
            return new StoreException(
                    stopped.get().refused() ? Kind.REFUSED : Kind.UNAVAILABLE,
                    address + ": " + what + ": " + stopped.get().words());
        }
        Kind kind =
                switch (cause.getCode()) {
                    case NotFound -> Kind.NOT_FOUND;
                    case PermissionDenied -> Kind.DENIED;
                    case ConfigInvalid, Unsupported, IsADirectory, NotADirectory, IsSameFile ->
                            Kind.INVALID;
                    case ConditionNotMatch, RangeNotSatisfied, AlreadyExists -> Kind.CHANGED;
                    case RateLimited -> Kind.UNAVAILABLE;
                    case Unexpected -> unexpected(cause);
                };
        return new StoreException(
                kind, address + ": " + what + ": the store says " + StoreWords.of(cause));
    }

    private static Kind unexpected(OpenDALException cause) {
        if (StoreWords.isRefusal(cause)) {
            return Kind.DENIED;
        }
        return StoreWords.isFinal(cause) ? Kind.INVALID : Kind.UNAVAILABLE;
    }
}
