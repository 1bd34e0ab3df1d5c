package dev.weft.catalog.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that a worker should hold, and the order's outcome.
 *
 * @param failure why the worker's last try failed; null if it succeeded or the worker hasn't tried
 *     yet
 */
record WorkerOrder(
        long id,
        Asked asked,
        State state,
        @Nullable String failure,
        Instant created,
        Instant updated) {

    /**
     * The task that the order gives to a worker.
     *
     * @param version its number among those of the adapter's name
     */
    record Asked(String worker, Kind kind, AdapterId adapter, int version, AdapterDigest digest) {}

    /** The kinds of orders. */
    enum Kind {
        /** The adapter stays in a slot until the order is taken back. */
        pin,
        /** The adapter is loaded into a slot once. */
        prefetch
    }

    /** The states of an order. */
    enum State {
        pending,
        done,
        failed
    }
}
