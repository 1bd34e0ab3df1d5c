package dev.weft.inference.relay.host;

import dev.weft.inference.engine.shelf.ShelvedAdapter;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.function.Consumer;

/** An adapter that the server has been told of. */
record RelayedAdapter(SharedFolder.Written written, Consumer<SharedFolder.Written> release)
        implements ShelvedAdapter {
    @Override
    public AdapterDigest digest() {
        return written.name().digest();
    }

    @Override
    public long bytes() {
        return written.bytes();
    }

    @Override
    public void close() {
        release.accept(written);
    }
}
