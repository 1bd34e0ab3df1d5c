package dev.weft.gateway.error;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.channel.AbortedException;

/**
 * Says what a failure means that reaches the end of a request's filters: the same for the caller,
 * for metrics and for traces.
 */
public final class Failures {
    private Failures() {}

    /** The error of a failure; empty if the client has left. */
    public static Optional<ErrorCode> code(Throwable failure) {
        return switch (failure) {
            case ApiException error -> Optional.of(error.code());
            case MethodNotAllowedException _ -> Optional.of(ErrorCode.METHOD_NOT_ALLOWED);
            case ResponseStatusException status when status.getStatusCode().value() == 404 ->
                    Optional.of(ErrorCode.NOT_FOUND);
            case ResponseStatusException status when status.getStatusCode().is4xxClientError() ->
                    Optional.of(ErrorCode.INVALID_REQUEST);
            case IOException _, AbortedException _ -> Optional.empty();
            default -> Optional.of(ErrorCode.INTERNAL);
        };
    }
}
