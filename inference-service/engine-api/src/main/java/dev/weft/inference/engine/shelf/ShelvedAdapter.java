package dev.weft.inference.engine.shelf;

import dev.weft.protocol.adapter.AdapterDigest;

/** An adapter as an engine keeps it. The shelf closes it once, when it gives the adapter up. */
public interface ShelvedAdapter extends AutoCloseable {
    AdapterDigest digest();

    /** Bytes of memory or disk that it takes; never changes. */
    long bytes();

    /** Frees the memory or the files; no generation uses the adapter any more. */
    @Override
    void close();
}
