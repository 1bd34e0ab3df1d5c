package dev.weft.gateway.error;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.channel.AbortedException;

/**
 * Says what a failure of a request means: the same for the caller, for metrics and for traces,
 * whether its answer has begun or not.
 */
public final class Failures {
    private Failures() {}

    /** The code of a failure; empty if the client has left. */
    public static Optional<ErrorCode> code(Throwable failure) {
        return switch (failure) {
            case IOException _, AbortedException _ -> Optional.empty();
            default -> Optional.of(error(failure).code());
        };
    }

    /** The error of a failure that came after the request was routed; its message names no path. */
    public static ApiException error(Throwable failure) {
        return error(failure, "");
    }

    /**
     * The error of a failure.
     *
     * @param asked method and path of the request, for the message
     */
    static ApiException error(Throwable failure, String asked) {
        return switch (failure) {
            case ApiException error -> error;
            case MethodNotAllowedException wrong ->
                    new ApiException(
                            ErrorCode.METHOD_NOT_ALLOWED,
                            asked + ": " + methods(wrong) + " is allowed.",
                            wrong);
            case ResponseStatusException status when status.getStatusCode().value() == 404 ->
                    new ApiException(ErrorCode.NOT_FOUND, "There is no " + asked + ".", status);
            case ResponseStatusException status when status.getStatusCode().is4xxClientError() ->
                    new ApiException(
                            ErrorCode.INVALID_REQUEST, String.valueOf(status.getReason()), status);
            default ->
                    new ApiException(
                            ErrorCode.INTERNAL,
                            "The gateway failed to handle the request.",
                            failure);
        };
    }

    private static String methods(MethodNotAllowedException wrong) {
        return wrong.getSupportedMethods().stream()
                .map(HttpMethod::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
