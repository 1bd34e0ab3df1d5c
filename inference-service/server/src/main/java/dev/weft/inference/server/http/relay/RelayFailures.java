package dev.weft.inference.server.http.relay;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.WebClientException;

/** What clients are told of a server that refuses, fails or does not answer. */
final class RelayFailures {
    private RelayFailures() {}

    /** The error code for a 4xx of the server. */
    static ErrorCode code(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 413 -> ErrorCode.REQUEST_TOO_LARGE;
            case 429 -> ErrorCode.RATE_LIMITED;
            default -> ErrorCode.INVALID_REQUEST;
        };
    }

    /**
     * The error for a 5xx of the server. If the server is well, a 503 says that it has no room for
     * the request now. Any other status says that it failed at the request, which would fail at
     * others, too.
     */
    static ApiException failed(HttpStatusCode status, String why, boolean well) {
        if (!well) {
            return new ApiException(
                    ErrorCode.WORKER_FAILED, "The server beside the worker failed: " + why);
        }
        return status.value() == ErrorCode.OVERLOADED.status()
                ? new ApiException(
                        ErrorCode.OVERLOADED,
                        "The server beside the worker takes no request now: " + why)
                : new ApiException(
                        ErrorCode.REQUEST_FAILED,
                        "The server beside the worker fails at this request: " + why);
    }

    /** The error for an answer that is too long, as it would be from any other server. */
    static ApiException tooLong(int mostBytes, Throwable cause) {
        return new ApiException(
                ErrorCode.REQUEST_FAILED,
                "The server's answer is larger than the "
                        + mostBytes
                        + " bytes that are passed on: ask for less at once",
                cause);
    }

    /** Whether the connection has failed, not the request. */
    static boolean isLost(Throwable e) {
        return e instanceof WebClientException || e instanceof IOException;
    }

    static ApiException gone(Throwable cause) {
        return new ApiException(
                ErrorCode.WORKER_FAILED,
                "The server beside the worker does not answer: " + cause.getMessage(),
                cause);
    }

    static ApiException silent(Duration silence, Throwable cause) {
        return new ApiException(
                ErrorCode.TIMEOUT,
                "The server beside the worker has sent nothing for " + silence.toSeconds() + " s",
                cause);
    }
}
