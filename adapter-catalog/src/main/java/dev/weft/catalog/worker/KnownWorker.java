package dev.weft.catalog.worker;

import dev.weft.protocol.residency.HeldAdapter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker as it last reported.
 *
 * @param base clients' name of the base that it serves; null from a worker of an earlier Weft
 * @param alive whether it has reported within {@link Workers#SILENCE}
 */
record KnownWorker(
        String id,
        String address,
        @Nullable String base,
        int slots,
        List<HeldAdapter> held,
        Instant seen,
        boolean alive) {
    KnownWorker {
        held = List.copyOf(held);
    }

    /** True if it serves that base, or if either base is not known. */
    boolean serves(@Nullable String other) {
        return base == null || other == null || base.equals(other);
    }
}
