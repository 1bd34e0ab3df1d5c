package dev.weft.gateway.forward.request;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.worker.TimeLeft;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The time that a request may take from its arrival to the end of its answer: the client's limit or
 * the gateway's setting, whichever is less, and no longer than its key is valid. Any thread.
 */
public final class RequestTime {
    static final String HEADER = "weft-timeout";

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,5}(?:\\.[0-9]{1,3})?");

    /**
     * How much before the end a worker may say that the time is over: it is told whole
     * milliseconds, and its clock may run a little faster.
     */
    private static final Duration EARLY = Duration.ofMillis(10);

    private final long start;
    private final Duration most;
    private final boolean clients;
    private final Scheduler loop;
    private final Mono<Void> keyLost;

    private RequestTime(
            long start, Duration most, boolean clients, Scheduler loop, Mono<Void> keyLost) {
        this.start = start;
        this.most = most;
        this.clients = clients;
        this.loop = loop;
        this.keyLost = keyLost;
    }

    /** A time without a bound, for tests. */
    public static RequestTime unbounded(Scheduler loop) {
        return new RequestTime(0, Duration.ZERO, false, loop, Mono.never());
    }

    /**
     * The time of a request with those headers.
     *
     * @param longest the setting; zero for no bound
     * @param arrival when it came, by {@link System#nanoTime}
     * @param loop on which it ends
     * @throws ApiException 400 if the header is not a time
     */
    public static RequestTime begin(
            HttpHeaders headers, Duration longest, long arrival, Scheduler loop) {
        String asked = headers.getFirst(HEADER);
        if (asked == null) {
            return new RequestTime(arrival, longest, false, loop, Mono.never());
        }
        Duration wanted = read(asked);
        boolean less = longest.isZero() || wanted.compareTo(longest) < 0;
        return new RequestTime(arrival, less ? wanted : longest, less, loop, Mono.never());
    }

    /**
     * This time, which also ends when the request's key is not valid any more.
     *
     * @param lost never completes; fails with the client's error at that moment
     */
    public RequestTime whileValid(Mono<Void> lost) {
        return new RequestTime(start, most, clients, loop, lost);
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

    /**
     * The event loop of the client's connection and of the worker's. Whatever ends a request comes
     * on it, and so never between two steps of its answer.
     */
    public Scheduler loop() {
        return loop;
    }

    private boolean isBounded() {
        return !most.isZero();
    }

    /** The time that is left, not below zero; empty if it is not bounded. */
    public Optional<Duration> left() {
        if (!isBounded()) {
            return Optional.empty();
        }
        Duration left = most.minusNanos(System.nanoTime() - start);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    /**
     * True if the time is over, or so nearly that the worker, which measures it by itself, may have
     * ended the request.
     */
    public boolean isOver() {
        Duration early = EARLY.plus(most.dividedBy(1_000));
        return left().filter(left -> left.compareTo(early) <= 0).isPresent();
    }

    /** True if {@link #isOver} and the client allowed less time than the gateway does. */
    public boolean isClientsOver() {
        return clients && isOver();
    }

    /**
     * Bounds work: it fails with the client's error if the time is over before the work is done.
     * The key is not watched meanwhile.
     */
    public <T> Mono<T> bound(Mono<T> work) {
        return left().map(left -> Mono.firstWithSignal(work, end(left).then(Mono.<T>empty())))
                .orElse(work);
    }

    /** Never completes; fails with the client's error when the time is over or the key is lost. */
    public Mono<Void> over() {
        return left().map(left -> Mono.firstWithSignal(end(left), keyLost)).orElse(keyLost);
    }

    private Mono<Void> end(Duration left) {
        return Mono.delay(left, loop).then(Mono.error(this::late));
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
