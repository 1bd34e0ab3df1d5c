package dev.weft.source.object;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A store whose access token ends. It is opened again with a new token before that. */
final class RenewedStore implements ObjectStore {
    /** Opens the store with a token. */
    interface Opening {
        ObjectStore open(String token) throws StoreException;
    }

    private record Open(String token, ObjectStore store) {}

    private final GcsAccount account;
    private final Opening opening;
    private @Nullable Open open;

    RenewedStore(GcsAccount account, Opening opening) {
        this.account = account;
        this.opening = opening;
    }

    private synchronized ObjectStore now() throws StoreException {
        String token = account.token();
        Open current = open;
        if (current == null || !current.token.equals(token)) {
            current = new Open(token, opening.open(token));
            open = current;
        }
        return current.store;
    }

    @Override
    public List<StoreObject> list(String folder, boolean recursive) throws IOException {
        return now().list(folder, recursive);
    }

    @Override
    public Optional<StoreObject> stat(String name) throws IOException {
        return now().stat(name);
    }

    @Override
    public CompletableFuture<byte[]> read(String name, long from, int length) throws IOException {
        return now().read(name, from, length);
    }

    @Override
    public byte[] await(CompletableFuture<byte[]> piece, int length) throws IOException {
        return now().await(piece, length);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        now().write(name, content);
    }

    @Override
    public void write(String name, Path file) throws IOException {
        now().write(name, file);
    }

    @Override
    public void delete(String name) throws IOException {
        now().delete(name);
    }
}
