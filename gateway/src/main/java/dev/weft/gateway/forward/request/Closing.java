package dev.weft.gateway.forward.request;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.service.Draining;
import java.time.Duration;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells the requests under way that the gateway is closing. */
public final class Closing {
    private final Draining underWay;
    private final Sinks.Empty<Void> sink = Sinks.empty();

    /**
     * Creates the signal; nothing ends yet.
     *
     * @param underWay how many requests are being answered
     */
    public Closing(IntSupplier underWay) {
        this.underWay = new Draining(underWay);
    }

    /**
     * Waits until no request is under way, but not longer than the limit. Then streams end with an
     * error event, and answers that have not begun with a 503.
     */
    public void end(Duration limit) {
        int _ = underWay.await(limit);
        // This fails only if it was called before, and then there is nothing left to say.
        Sinks.EmitResult _ = sink.tryEmitEmpty();
    }

    /** Never completes; fails with the client's error once the gateway is to end. */
    public Mono<Void> signal() {
        return sink.asMono().then(Mono.error(Closing::failure));
    }

    private static ApiException failure() {
        return new ApiException(ErrorCode.OVERLOADED, "The gateway is shutting down.");
    }
}
