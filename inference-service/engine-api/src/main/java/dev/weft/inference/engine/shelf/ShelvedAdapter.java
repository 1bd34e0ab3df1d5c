package dev.weft.inference.engine.shelf;

import dev.weft.protocol.adapter.AdapterDigest;

/** What an engine keeps of an adapter. The shelf closes it once, when it gives the adapter up. */
public interface ShelvedAdapter extends AutoCloseable {
    AdapterDigest digest();

    /** What it takes, of memory or disk; never changes. */
    long bytes();

    /** Frees the memory or the files; no generation uses the adapter any more. */
    @Override
    void close();
}
