package dev.weft.gateway.forward;

import dev.weft.model.error.ApiException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Books one request once, with the first outcome it is told. Signals may come from two threads. */
final class Tally {
    private final ForwardMetrics metrics;
    private final AtomicBoolean booked = new AtomicBoolean();
    private volatile String adapter = ForwardMetrics.UNKNOWN;

    Tally(ForwardMetrics metrics) {
        this.metrics = metrics;
        metrics.begun();
    }

    /** The name is one of the catalog, or the base's. */
    void known(String name) {
        adapter = name;
    }

    void book(Outcome outcome) {
        if (booked.compareAndSet(false, true)) {
            metrics.ended(adapter, outcome);
        }
    }

    /** A failure that reached the end of the chain; those that are not ours are the client's. */
    void failed(Throwable failure) {
        book(failure instanceof ApiException error ? Outcome.of(error.code()) : Outcome.CANCELLED);
    }
}
