package dev.weft.gateway.forward;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.worker.TimeLeft;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * How long a request may take from its arrival to the end of its answer: what its client says, or
 * the gateway's setting if that is less or the client says nothing. Any thread.
 */
final class RequestTime {
    static final String HEADER = "weft-timeout";

    /** A request that may take as long as it does. */
    static final RequestTime UNBOUNDED = new RequestTime(0, Duration.ZERO);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,5}(?:\\.[0-9]{1,3})?");

    private final long start;
    private final Duration most;

    private RequestTime(long start, Duration most) {
        this.start = start;
        this.most = most;
    }

    /**
     * Begins now.
     *
     * @param longest the setting; zero for no bound
     * @throws ApiException 400 if the header is no time
     */
    static RequestTime begin(HttpHeaders headers, Duration longest) {
        String asked = headers.getFirst(HEADER);
        if (asked == null) {
            return longest.isZero() ? UNBOUNDED : new RequestTime(System.nanoTime(), longest);
        }
        Duration wanted = read(asked);
        boolean less = longest.isZero() || wanted.compareTo(longest) < 0;
        return new RequestTime(System.nanoTime(), less ? wanted : longest);
    }

    private static Duration read(String text) {
        Duration time =
                SECONDS.matcher(text).matches()
                        ? Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact())
                        : Duration.ZERO;
        if (time.isZero() || time.compareTo(TimeLeft.MOST) > 0) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "The header %s: allowed are seconds from 0.001 to %d, with at most 3 decimals."
                            .formatted(HEADER, TimeLeft.MOST.toSeconds()));
        }
        return time;
    }

    /** What is left of it, not below zero; empty if it is not bounded. */
    Optional<Duration> left() {
        if (most.isZero()) {
            return Optional.empty();
        }
        Duration left = most.minusNanos(System.nanoTime() - start);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    /** Never completes; fails with the client's error when it is over. */
    Mono<Void> over() {
        return left().map(left -> Mono.delay(left).then(Mono.<Void>error(this::late)))
                .orElseGet(Mono::never);
    }

    private ApiException late() {
        return new ApiException(
                ErrorCode.TIMEOUT,
                "The request was not answered within its %s s."
                        .formatted(
                                BigDecimal.valueOf(most.toMillis(), 3)
                                        .stripTrailingZeros()
                                        .toPlainString()));
    }
}
