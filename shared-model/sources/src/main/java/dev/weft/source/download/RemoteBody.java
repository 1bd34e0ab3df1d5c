package dev.weft.source.download;

import java.io.IOException;

/** The bytes of a file from a position on. One thread; close it. */
public interface RemoteBody extends AutoCloseable {
    /** The file has nothing from that byte on. */
    long NOTHING = -1;

    RemoteFile file();

    /** The first byte it brings, or {@link #NOTHING}. */
    long start();

    /** Reads as a stream does; -1 at the end. Silence ends it with an exception. */
    int read(byte[] buffer) throws IOException;

    @Override
    void close() throws IOException;
}
