package dev.weft.source.bucket;

import dev.weft.source.download.RemoteBody;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.StoreException;
import dev.weft.source.object.StoreException.Kind;
import dev.weft.source.object.StoreObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads an object piece by piece, and asks for a few pieces ahead. A range can't be bound to an
 * ETag here, so the object is looked at again after its last byte: if it was written anew
 * meanwhile, also with the same ETag, the bytes may be mixed.
 */
final class StoreBody implements RemoteBody {
    private static final int PIECE = 4 << 20;
    private static final int AHEAD = 3;

    private record Asked(CompletableFuture<byte[]> bytes, int length) {}

    private final ObjectStore store;
    private final StoreObject object;
    private final RemoteFile file;
    private final long start;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long next;
    private boolean ended;

    StoreBody(ObjectStore store, StoreObject object, RemoteFile file, long start) {
        this.store = store;
        this.object = object;
        this.file = file;
        this.start = start > 0 && start == object.size() ? NOTHING : start;
        this.next = start;
    }

    @Override
    public RemoteFile file() {
        return file;
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public int read(byte[] buffer) throws IOException {
        if (!piece.hasRemaining()) {
            ask();
            Asked first = asked.poll();
            if (first == null) {
                checkUnchanged();
                return -1;
            }
            piece = ByteBuffer.wrap(store.await(first.bytes(), first.length()));
            if (piece.remaining() != first.length()) {
                throw new StoreException(
                        Kind.UNAVAILABLE,
                        object.name()
                                + ": a piece of "
                                + first.length()
                                + " bytes came with "
                                + piece.remaining());
            }
        }
        int count = Math.min(buffer.length, piece.remaining());
        piece.get(buffer, 0, count);
        return count;
    }

    private void ask() throws IOException {
        while (asked.size() < AHEAD && next < object.size()) {
            int length = (int) Math.min(PIECE, object.size() - next);
            asked.add(new Asked(store.read(object.name(), next, length), length));
            next += length;
        }
    }

    private void checkUnchanged() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        Optional<StoreObject> now = store.stat(object.name());
        if (now.isEmpty()
                || !now.get().etag().equals(object.etag())
                || !now.get().modified().equals(object.modified())
                || now.get().size() != object.size()) {
            throw new StoreException(
                    Kind.CHANGED, object.name() + " was replaced while it was fetched");
        }
    }

    /** Pieces that were asked for and are no longer wanted are left alone. */
    @Override
    public void close() {
        asked.clear();
    }
}
