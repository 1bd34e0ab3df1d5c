package dev.weft.inference.server.http.bridge;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.worker.TimeLeft;
import dev.weft.service.stream.Until;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How long a request may take from when it came, as its gateway says. For one request.
 *
 * @param most null if it is not bounded
 */
public record TimeBound(long startNanos, @Nullable Duration most) {
    /**
     * Begins now.
     *
     * @throws ApiException 400 if the header is not a time
     */
    public static TimeBound begin(ServerRequest.Headers headers) {
        String text = headers.firstHeader(TimeLeft.HEADER);
        try {
            return new TimeBound(System.nanoTime(), text == null ? null : TimeLeft.read(text));
        } catch (IllegalArgumentException e) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE, String.valueOf(e.getMessage()), TimeLeft.HEADER);
        }
    }

    /** Passes events on; when time is over before their end, cancels them and fails. */
    public <T> Flux<T> hold(Flux<T> events) {
        Duration time = most;
        if (time == null) {
            return events;
        }
        return Flux.defer(() -> {
            Duration left = time.minusNanos(System.nanoTime() - startNanos);
            return Until.fails(
                    Mono.delay(left.isNegative() ? Duration.ZERO : left)
                            .then(Mono.error(TimeBound::late)),
                    events);
        });
    }

    private static ApiException late() {
        return new ApiException(
                ErrorCode.TIMEOUT, "The request's time was over before its answer was.");
    }
}
