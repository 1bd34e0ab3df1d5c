package dev.weft.gateway.forward;

import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells the requests under way that the gateway ends. */
public final class Closing {
    private final Sinks.Empty<Void> sink = Sinks.empty();

    /** Ends streams with an error event, and answers that have not begun with a 503. */
    public void begin() {
        // Fails only where it was called before, and then there is nothing left to say.
        Sinks.EmitResult _ =
                sink.tryEmitError(
                        new ApiException(ErrorCode.OVERLOADED, "The gateway is shutting down."));
    }

    /** Never completes; fails with what the client is told once {@link #begin} was called. */
    Mono<Void> signal() {
        return sink.asMono();
    }
}
