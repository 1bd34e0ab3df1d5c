package dev.weft.source;

import dev.weft.source.Attempts.CorruptException;
import dev.weft.source.FetchState.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file of a hub into the target folder. Bytes gather in a part file that bears the
 * file's ETag; a later attempt, also of another process, goes on where it ends if the hub still has
 * the same ETag. The file appears under its name when size and hash are right. Used by one thread.
 */
final class FileDownload {
    /** What an attempt must add for the failures before it not to count. */
    private static final long PROGRESS = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final FetchContext context;
    private final Wanted wanted;
    private long furthest;

    /**
     * The file to bring.
     *
     * @param mostBytes largest size that is accepted
     * @param known what lies under the name already, from another commit; null where nothing does
     */
    record Wanted(
            String commit,
            String name,
            long mostBytes,
            @Nullable Entry known,
            ProgressMeter meter) {}

    FileDownload(FetchContext context, Wanted wanted) {
        this.context = context;
        this.wanted = wanted;
    }

    /** One request for the rest of the file; the entry of the complete file. */
    Entry attempt() throws IOException, SourceException, InterruptedException {
        PartFile part = context.local(() -> PartFile.find(context.target(), wanted.name()));
        long from = context.local(part::length);
        HubClient hub = context.hub();
        try (HubClient.Answer answer =
                hub.file(context.ref(), wanted.commit(), wanted.name(), from)) {
            HubFile file = answer.file();
            checkSize(file.size());
            Entry known = wanted.known();
            if (known != null && known.size() == file.size() && isSameHash(known, file)) {
                return known;
            }
            PartFile to = PartFile.of(context.target(), wanted.name(), file.etag());
            boolean whole = answer.status() == 416 && part.isOf(file.etag()) && from == file.size();
            if (!whole) {
                checkContinues(answer, part, from);
                receive(answer, to, answer.status() == 206 ? from : 0);
            }
            return finish(to, file);
        }
    }

    private static boolean isSameHash(Entry known, HubFile file) {
        return ContentHash.isHash(file.etag()) && known.etag().equals(file.etag());
    }

    /** A part that the answer does not go on from is worthless. */
    private void checkContinues(HubClient.Answer answer, PartFile part, long from)
            throws IOException, SourceException {
        if (from == 0 && answer.status() == 200) {
            return;
        }
        boolean goesOn =
                answer.status() == 206
                        && part.isOf(answer.file().etag())
                        && HubFile.rangeStart(answer.response()) == from;
        if (goesOn) {
            return;
        }
        context.localDo(() -> part.delete());
        if (answer.status() != 200) {
            throw new IOException(
                    "answer " + answer.status() + " does not go on from byte " + from);
        }
    }

    private void receive(HubClient.Answer answer, PartFile part, long from)
            throws IOException, SourceException {
        long size = answer.file().size();
        Attempts attempts = context.attempts();
        long at = from;
        try (FileChannel out = context.local(() -> part.open(from == 0));
                StallWatch watch = answer.watch(context.hub().settings(), attempts)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = watch.read(buffer); n >= 0; n = watch.read(buffer)) {
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

    private Entry finish(PartFile part, HubFile file) throws IOException, SourceException {
        long size = context.local(() -> Files.size(part.part()));
        boolean right = file.size() < 0 || file.size() == size;
        if (!right || !context.local(() -> ContentHash.matches(part.part(), file.etag()))) {
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
