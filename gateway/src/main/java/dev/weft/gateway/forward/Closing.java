package dev.weft.gateway.forward;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells the requests under way that the gateway is closing. */
public final class Closing {
    /** The longest time until the end of the last request is noticed. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private final IntSupplier underWay;
    private final Sinks.Empty<Void> sink = Sinks.empty();

    /**
     * Creates the signal; nothing ends yet.
     *
     * @param underWay how many requests are being answered
     */
    Closing(IntSupplier underWay) {
        this.underWay = underWay;
    }

    /**
     * Waits until no request is under way, but not longer than the limit. Then streams end with an
     * error event, and answers that have not begun with a 503.
     */
    public void end(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (underWay.getAsInt() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        // This fails only if it was called before, and then there is nothing left to say.
        Sinks.EmitResult _ = sink.tryEmitEmpty();
    }

    /** Never completes; fails with the client's error once the gateway is to end. */
    Mono<Void> signal() {
        return sink.asMono().then(Mono.error(Closing::failure));
    }

    private static ApiException failure() {
        return new ApiException(ErrorCode.OVERLOADED, "The gateway is shutting down.");
    }
}
