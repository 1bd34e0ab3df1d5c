package dev.weft.gateway.forward;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells the requests under way that the gateway ends. */
public final class Closing {
    /** How soon the end of the last request is noticed. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private final IntSupplier underWay;
    private final Sinks.Empty<Void> sink = Sinks.empty();

    /**
     * Nothing ends yet.
     *
     * @param underWay how many requests are being answered
     */
    Closing(IntSupplier underWay) {
        this.underWay = underWay;
    }

    /** Waits until no request is under way, at most so long. */
    public void drain(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (underWay.getAsInt() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Ends streams with an error event, and answers that have not begun with a 503. */
    public void begin() {
        // Fails only where it was called before, and then there is nothing left to say.
        Sinks.EmitResult _ = sink.tryEmitEmpty();
    }

    /** Never completes; fails with what the client is told once {@link #begin} was called. */
    Mono<Void> signal() {
        return sink.asMono().then(Mono.error(Closing::failure));
    }

    private static ApiException failure() {
        return new ApiException(ErrorCode.OVERLOADED, "The gateway is shutting down.");
    }
}
