package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.error.Failures;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

/** A worker failed a request. */
final class AttemptFailed extends RuntimeException {
    enum Kind {
        /** No connection could be made. */
        REFUSED,
        /** The connection was lost. */
        BROKEN,
        /** The worker answered that it can't take the request now: 429 or 503. */
        DECLINED,
        /** The worker answered that it failed: 502, as a Weft worker does if its engine failed. */
        FAILED,
        /**
         * The worker was given up while it had the request: it does not answer probes, or is
         * stalled.
         */
        HUNG,
        /**
         * The worker said nothing for too long; another one would keep the client waiting as long
         * again.
         */
        SILENT;

        /** True if the worker was lost while it had the request; the request may be the cause. */
        boolean losesTheWorker() {
            return this == BROKEN || this == FAILED || this == HUNG;
        }

        /** True if another worker may do better. */
        boolean replaceable() {
            return this != SILENT;
        }

        /** True if the worker has done nothing for the request. */
        boolean costsNothing() {
            return this == DECLINED;
        }
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

    /** Returns the failure as one of a worker if it is one, else unchanged. */
    static Throwable of(Throwable failure) {
        return switch (failure) {
            case ConnectException e -> new AttemptFailed(Kind.REFUSED, e);
            case UnknownHostException e -> new AttemptFailed(Kind.REFUSED, e);
            case IOException e -> new AttemptFailed(Kind.BROKEN, e);
            case TimeoutException e -> new AttemptFailed(Kind.SILENT, e);
            default -> failure;
        };
    }

    Kind kind() {
        return kind;
    }

    /** Whether the worker said nothing for too long. */
    static boolean isSilence(Throwable failure) {
        return failure instanceof AttemptFailed attempt && attempt.kind == Kind.SILENT;
    }

    /** The client's error for the failure that ended its answer. */
    static ApiException toApi(Throwable failure) {
        return failure instanceof AttemptFailed attempt ? attempt.toApi() : Failures.error(failure);
    }

    /** The error that the client gets; it does not show the worker's address. */
    ApiException toApi() {
        return switch (kind) {
            case REFUSED, DECLINED ->
                    new ApiException(ErrorCode.NO_WORKER, "No worker took the request.", this);
            case BROKEN, FAILED, HUNG ->
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
