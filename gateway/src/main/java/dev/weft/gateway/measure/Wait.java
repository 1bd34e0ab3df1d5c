package dev.weft.gateway.measure;

import java.util.Locale;

/** What a request waits for before a worker is asked. */
public enum Wait {
    /** The catalog, which says whose its key is. */
    KEY,
    /** Its own body. */
    BODY,
    /** An adapter that the catalog is making ready. */
    ADAPTER,
    /** A worker with room. */
    ROOM,
    /** A worker that failed it, before another one is asked. */
    RETRY;

    /** The metric tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
