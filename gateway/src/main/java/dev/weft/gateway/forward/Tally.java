package dev.weft.gateway.forward;

import dev.weft.gateway.trace.RequestTrace;
import dev.weft.model.error.ApiException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Books one request once, with the first outcome it is told. Signals may come from two threads. */
final class Tally {
    private final ForwardMetrics metrics;
    private final RequestTrace trace;
    private final AtomicBoolean booked = new AtomicBoolean();
    private volatile String adapter = ForwardMetrics.UNKNOWN;

    Tally(ForwardMetrics metrics, RequestTrace trace) {
        this.metrics = metrics;
        this.trace = trace;
        metrics.begun();
    }

    /** The name is one of the catalog, or the base's. */
    void known(String name) {
        adapter = name;
    }

    /** The answer is with the client, whatever it says. */
    void answered(int status) {
        book(Outcome.ofStatus(status), status < 400 ? null : String.valueOf(status));
    }

    void cancelled() {
        book(Outcome.CANCELLED, Outcome.CANCELLED.tag());
    }

    void book(Outcome outcome, @Nullable String errorType) {
        if (booked.compareAndSet(false, true)) {
            trace.outcome(outcome.tag(), errorType, outcome.failed());
            trace.run(() -> metrics.ended(adapter, outcome));
        }
    }

    /** A failure that reached the end of the chain; those that are not ours are the client's. */
    void failed(Throwable failure) {
        if (failure instanceof ApiException error) {
            book(Outcome.of(error.code()), error.code().code());
        } else {
            cancelled();
        }
    }
}
