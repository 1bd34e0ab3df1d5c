package dev.weft.source.object;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The objects below a prefix of a bucket. Blocking but for {@link #read}; safe for any thread;
 * every call ends in time, with a {@link StoreException} where it must.
 */
public interface ObjectStore {
    /**
     * Objects of a folder, at any depth or directly in it.
     *
     * @param folder below the store's prefix, with a slash at its end; empty for all of it
     */
    List<StoreObject> list(String folder, boolean recursive) throws IOException;

    /** What the store says of an object; empty where it is not there. */
    Optional<StoreObject> stat(String name) throws IOException;

    /** Asks for a piece of an object; await it with {@link #await}. */
    CompletableFuture<byte[]> read(String name, long from, int length) throws IOException;

    /** Waits for a piece, not longer than a piece of that size may take. */
    byte[] await(CompletableFuture<byte[]> piece, int length) throws IOException;

    /** Writes an object, whole or not at all. */
    void write(String name, byte[] content) throws IOException;

    /** Writes a file of any size as an object, whole or not at all. */
    void write(String name, Path file) throws IOException;

    /** Removes an object; nothing happens where it is not there. */
    void delete(String name) throws IOException;
}
