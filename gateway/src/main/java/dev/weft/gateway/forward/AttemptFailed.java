package dev.weft.gateway.forward;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.springframework.web.server.ResponseStatusException;

/** A worker failed a request. */
final class AttemptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Kind {
        /** No connection could be made. */
        REFUSED,
        /** The connection was lost. */
        BROKEN,
        /** It answered that it cannot. */
        DECLINED,
        /** It was given up while it had the request: it does not answer probes, or is stalled. */
        HUNG,
        /**
         * It said nothing for too long; another one would keep the client waiting as long again.
         */
        SILENT
    }

    private final Kind kind;

    AttemptFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    private AttemptFailed(Kind kind, Throwable cause) {
        super(String.valueOf(cause), cause);
        this.kind = kind;
    }

    /** The failure as one of a worker where it is that, else as it is. */
    static Throwable of(Throwable failure) {
        return switch (failure) {
            case ConnectException e -> new AttemptFailed(Kind.REFUSED, e);
            case UnknownHostException e -> new AttemptFailed(Kind.REFUSED, e);
            case IOException e -> new AttemptFailed(Kind.BROKEN, e);
            case TimeoutException e -> new AttemptFailed(Kind.SILENT, e);
            case ResponseStatusException e when e.getStatusCode().value() == 504 ->
                    new AttemptFailed(Kind.SILENT, e);
            default -> failure;
        };
    }

    Kind kind() {
        return kind;
    }

    /** The worker went away with the request in it, which may be why. */
    boolean lostTheWorker() {
        return kind == Kind.BROKEN || kind == Kind.HUNG;
    }

    /** Another worker may do better. */
    boolean replaceable() {
        return kind != Kind.SILENT;
    }

    /** What the client is told; the worker's address is not its business. */
    ApiException toApi() {
        return switch (kind) {
            case REFUSED, DECLINED ->
                    new ApiException(ErrorCode.NO_WORKER, "No worker took the request.", this);
            case BROKEN, HUNG ->
                    new ApiException(
                            ErrorCode.WORKER_FAILED,
                            "The worker failed before the answer was complete.",
                            this);
            case SILENT ->
                    new ApiException(
                            ErrorCode.TIMEOUT, "The worker said nothing for too long.", this);
        };
    }
}
