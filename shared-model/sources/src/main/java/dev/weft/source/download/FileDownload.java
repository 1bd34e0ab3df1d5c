package dev.weft.source.download;

import dev.weft.source.download.FetchState.Entry;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.FetchAttempts.CorruptException;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.object.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file into the target folder. Bytes gather in a part file that bears the file's ETag. A
 * later attempt, also of another process, continues at its end if the source still has the same
 * ETag. The file appears under its name when size and hash are right. For one thread.
 */
public final class FileDownload {
    /** The bytes that an attempt must add so that earlier failures no longer count. */
    private static final long PROGRESS = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final FetchContext context;
    private final FileOrigin origin;
    private final Wanted wanted;
    private long furthest;

    /** SHA-256 of the last bytes that differed from the ETag's apparent hash; null before. */
    private @Nullable String doubted;

    /**
     * The file to bring.
     *
     * @param mostBytes largest accepted size
     * @param known the file already under that name, from another commit; null if there is none
     */
    public record Wanted(
            Listing listing,
            String name,
            long mostBytes,
            @Nullable Entry known,
            ProgressMeter meter) {}

    public FileDownload(FetchContext context, FileOrigin origin, Wanted wanted) {
        this.context = context;
        this.origin = origin;
        this.wanted = wanted;
    }

    /** Sends one request for the rest of the file; returns the entry of the complete file. */
    public Entry attempt() throws IOException, SourceException, InterruptedException {
        PartFile part = context.local(() -> PartFile.find(context.target(), wanted.name()));
        long from = context.local(part::length);
        try (RemoteBody body = origin.open(wanted.listing(), wanted.name(), from, part)) {
            RemoteFile file = body.file();
            checkSize(file.size());
            Entry known = wanted.known();
            if (known != null && isSame(known, file)) {
                return known;
            }
            PartFile to = PartFile.of(context.target(), wanted.name(), file.etag());
            boolean whole =
                    body.start() == RemoteBody.NOTHING
                            && part.isOf(file.etag())
                            && from == file.size();
            if (!whole) {
                checkContinues(body, part, from);
                receiveWhole(body, to);
            }
            return finish(to, file);
        }
    }

    /** Receives the rest of a file. If the file was replaced meanwhile, the part is deleted. */
    private void receiveWhole(RemoteBody body, PartFile to) throws IOException, SourceException {
        try {
            receive(body, to);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CHANGED) {
                context.localDo(() -> to.delete());
            }
            throw e;
        }
    }

    /** An ETag that is a hash names the same bytes in every commit. */
    private static boolean isSame(Entry known, RemoteFile file) {
        return file.hash() != null
                && !file.etag().isEmpty()
                && known.etag().equals(file.etag())
                && known.size() == file.size();
    }

    /** Deletes the part if the answer does not continue it. */
    private void checkContinues(RemoteBody body, PartFile part, long from)
            throws IOException, SourceException {
        boolean goesOn = body.start() == from && (from == 0 || part.isOf(body.file().etag()));
        if (goesOn) {
            return;
        }
        context.localDo(() -> part.delete());
        if (body.start() != 0) {
            throw new IOException("the answer does not go on from byte " + from);
        }
    }

    private void receive(RemoteBody body, PartFile part) throws IOException, SourceException {
        long size = body.file().size();
        FetchAttempts attempts = context.attempts();
        long at = body.start();
        boolean fromStart = at == 0;
        try (FileChannel out = context.local(() -> part.open(fromStart))) {
            byte[] buffer = new byte[BUFFER];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                at += n;
                checkSize(at);
                write(out, ByteBuffer.wrap(buffer, 0, n));
                wanted.meter().at(at, size);
                if (at >= furthest + PROGRESS) {
                    furthest = at;
                    attempts.progressed();
                }
            }
            context.localDo(() -> out.force(true));
        }
        if (size >= 0 && at < size) {
            throw new IOException("ended after " + at + " of " + size + " bytes");
        }
    }

    private void write(FileChannel out, ByteBuffer bytes) throws SourceException {
        context.localDo(() -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }

    private Entry finish(PartFile part, RemoteFile file) throws IOException, SourceException {
        long size = context.local(() -> Files.size(part.part()));
        boolean right = file.size() < 0 || file.size() == size;
        ContentHash hash = file.hash();
        if (!right || (hash != null && !isRight(hash, part))) {
            context.localDo(() -> part.delete());
            throw new CorruptException(
                    wanted.name()
                            + " arrived with "
                            + size
                            + " bytes that are not those of ETag "
                            + file.etag()
                            + " with "
                            + file.size()
                            + " bytes");
        }
        context.localDo(() -> part.complete());
        return new Entry(size, file.etag());
    }

    /**
     * If an ETag only looks like a hash, the file counts as right once it came twice from its first
     * byte on, the same both times.
     */
    private boolean isRight(ContentHash hash, PartFile part) throws SourceException {
        if (context.local(() -> hash.matches(part.part()))) {
            return true;
        }
        if (hash.certain()) {
            return false;
        }
        String before = doubted;
        String now = context.local(() -> ContentHash.sha256(part.part()));
        doubted = now;
        return now.equals(before);
    }

    private void checkSize(long bytes) throws SourceException {
        if (bytes > wanted.mostBytes()) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED,
                    context.ref()
                            + ": file "
                            + wanted.name()
                            + " has "
                            + bytes
                            + " bytes or more, allowed are "
                            + wanted.mostBytes());
        }
    }
}
