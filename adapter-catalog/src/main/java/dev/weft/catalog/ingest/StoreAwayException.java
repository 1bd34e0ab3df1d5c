package dev.weft.catalog.ingest;

import java.io.IOException;

/**
 * The artifact store can't be used now: a bucket that doesn't answer, a disk that is full. That is
 * the operator's affair and no fault of a version, which waits for it.
 */
final class StoreAwayException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreAwayException(IOException cause) {
        super("the artifact store: " + cause.getMessage(), cause);
    }
}
