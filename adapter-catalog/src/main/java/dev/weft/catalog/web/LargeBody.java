package dev.weft.catalog.web;

import dev.weft.service.stream.GatheredBody;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reads bodies of services, which may be far larger than those that Spring reads. Safe for any
 * thread.
 */
public final class LargeBody<T> {
    private final String what;
    private final int mostBytes;
    private final Function<byte[], T> decode;
    private final Scheduler blocking =
            Schedulers.fromExecutor(new VirtualThreadTaskExecutor("catalog-body-"));

    /**
     * Creates a reader of one kind of bodies.
     *
     * @param what a body, as messages call it
     * @param decode throws {@link IllegalArgumentException} if it can't read one
     */
    public LargeBody(String what, int mostBytes, Function<byte[], T> decode) {
        this.what = what;
        this.mostBytes = mostBytes;
        this.decode = decode;
    }

    /**
     * Reads a request's body. Operators after it run on a virtual thread, and may block. The result
     * fails with a {@link ResponseStatusException} if the body is too large (413) or can't be read
     * (400).
     */
    public Mono<T> of(ServerWebExchange exchange) {
        return GatheredBody.of(exchange.getRequest().getBody(), mostBytes)
                .onErrorMap(DataBufferLimitException.class, this::tooLarge)
                .publishOn(blocking)
                .map(this::decoded);
    }

    private ResponseStatusException tooLarge(Throwable cause) {
        return new ResponseStatusException(
                HttpStatus.CONTENT_TOO_LARGE, what + " has at most " + mostBytes + " bytes", cause);
    }

    private T decoded(byte[] body) {
        try {
            return decode.apply(body);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
    }
}
