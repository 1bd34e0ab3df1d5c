package dev.weft.source.object;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The objects below a prefix of a bucket. All methods but {@link #read} block. Safe for any thread.
 * Every call ends in time, if need be with a {@link StoreException}.
 */
public interface ObjectStore {
    /**
     * Lists the objects of a folder, at any depth or directly in it.
     *
     * @param folder below the store's prefix, with a slash at its end; empty for the whole store
     */
    List<StoreObject> list(String folder, boolean recursive) throws IOException;

    /** The store's description of an object; empty if it isn't there. */
    Optional<StoreObject> stat(String name) throws IOException;

    /** Asks for a piece of an object; await it with {@link #await}. */
    CompletableFuture<byte[]> read(String name, long from, int length) throws IOException;

    /** Waits for a piece, but not longer than a piece of that size may take. */
    byte[] await(CompletableFuture<byte[]> piece, int length) throws IOException;

    /** Writes an object, whole or not at all. */
    void write(String name, byte[] content) throws IOException;

    /** Writes a file of any size as an object, whole or not at all. */
    void write(String name, Path file) throws IOException;

    /** Removes an object; nothing happens if it isn't there. */
    void delete(String name) throws IOException;
}
