package dev.weft.catalog.ingest;

import java.io.IOException;

/**
 * The artifact store can't be used now, e.g. because a bucket doesn't answer or a disk is full. The
 * operator must act. It isn't a version's fault, so the version waits.
 */
final class StoreAwayException extends IOException {
    StoreAwayException(IOException cause) {
        super("the artifact store: " + cause.getMessage(), cause);
    }
}
