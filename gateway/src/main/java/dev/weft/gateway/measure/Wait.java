package dev.weft.gateway.measure;

import java.util.Locale;

/** What a request waits for before a worker is asked. */
public enum Wait {
    /** The catalog, which says whose the request's key is. */
    KEY,
    /** The request's body, which is still arriving. */
    BODY,
    /** An adapter that the catalog is making ready. */
    ADAPTER,
    /** A worker with room. */
    ROOM,
    /** The worker that failed the request, before another one is asked. */
    RETRY;

    /** The metric tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
