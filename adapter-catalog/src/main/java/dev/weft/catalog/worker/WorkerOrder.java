package dev.weft.catalog.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is to hold, and what has come of it.
 *
 * @param failure why the worker could not do it when it last tried; null where it could, or has not
 *     yet
 */
public record WorkerOrder(
        long id,
        Asked asked,
        State state,
        @Nullable String failure,
        Instant created,
        Instant updated) {

    /**
     * What is asked of whom.
     *
     * @param version its number among those of the adapter's name
     */
    public record Asked(
            String worker, Kind kind, AdapterId adapter, int version, AdapterDigest digest) {}

    /** What is asked for. */
    public enum Kind {
        /** It stays in a slot until the order is taken back. */
        pin,
        /** It is brought into a slot once. */
        prefetch
    }

    /** What has come of it. */
    public enum State {
        pending,
        done,
        failed
    }
}
