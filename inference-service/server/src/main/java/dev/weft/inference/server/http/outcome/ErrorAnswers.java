package dev.weft.inference.server.http.outcome;

import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.ShouldRetry;
import dev.weft.protocol.usage.AnswerNotes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/** Answers every failure before an answer's first byte, in the envelope of its interface. */
public final class ErrorAnswers implements WebExceptionHandler, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    /** The order is before Spring Boot's own handler, which is at -1. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(error);
        }
        String path = exchange.getRequest().getURI().getPath();
        ApiException api = TraceFilter.of(exchange).within(() -> toApi(error, path));
        HttpHeaders headers = response.getHeaders();
        response.setStatusCode(HttpStatusCode.valueOf(api.code().status()));
        if (error instanceof ErrorResponse known) {
            headers.putAll(known.getHeaders()); // the Allow header, if the method is wrong
        }
        headers.setContentType(MediaType.APPLICATION_JSON);
        api.code()
                .retryAfter()
                .ifPresent(
                        seconds -> headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
        ShouldRetry.of(api.code()).ifPresent(retry -> headers.set(ShouldRetry.HEADER, retry));
        if (exchange.getRequest().getHeaders().containsHeader(AnswerNotes.ASK)) {
            headers.set(AnswerNotes.ERROR, api.code().code());
        }
        byte[] body = ErrorBodies.of(api, path, RequestIdFilter.of(exchange));
        headers.setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    /**
     * Turns a failure into the error that a client is told. A failure that is our own fault goes to
     * the log; that a client has left goes there at debug level only.
     */
    public static ApiException toApi(Throwable error, String path) {
        ApiException api = known(error, path);
        if (DisconnectedClientHelper.isClientDisconnectedException(error)) {
            LOG.debug("{}: the client has left", path, error);
        } else if (api.code() == ErrorCode.INTERNAL && api != error) {
            LOG.error("{} failed", path, error);
        } else if (api.code().status() >= 500) {
            LOG.warn("{}: {}: {}", path, api.code().code(), api.getMessage());
        }
        return api;
    }

    /** Returns the error that the client gets, and logs nothing. */
    static ApiException known(Throwable error, String path) {
        return switch (error) {
            case ApiException api -> api;
            case DataBufferLimitException e ->
                    new ApiException(
                            ErrorCode.REQUEST_TOO_LARGE,
                            "The body is larger than the "
                                    + BoundedBody.MOST_BYTES
                                    + " bytes that are allowed",
                            e);
            case ResponseStatusException e when e.getStatusCode().value() == 404 ->
                    new ApiException(
                            ErrorCode.NOT_FOUND, "There is nothing at " + path + " here", e);
            case ResponseStatusException e when e.getStatusCode().value() == 405 ->
                    new ApiException(ErrorCode.METHOD_NOT_ALLOWED, path + ": " + e.getReason(), e);
            case ResponseStatusException e when e.getStatusCode().is4xxClientError() ->
                    new ApiException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getReason()), e);
            default ->
                    new ApiException(
                            ErrorCode.INTERNAL, "The worker has failed; its log says why", error);
        };
    }
}
