package dev.weft.inference.server.completion;

import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;

/** Turns failures of an engine into errors for clients. */
public final class EngineFailures {
    private EngineFailures() {}

    public static ApiException toApi(EngineException e) {
        ErrorCode code =
                switch (e.reason()) {
                    case INVALID_REQUEST -> ErrorCode.INVALID_REQUEST;
                    case CONSTRAINT_FAILED -> ErrorCode.CONSTRAINT_FAILED;
                    case CONTEXT_LENGTH_EXCEEDED -> ErrorCode.CONTEXT_LENGTH_EXCEEDED;
                    case ADAPTER_NOT_LOADED -> ErrorCode.ADAPTER_UNAVAILABLE;
                    case NO_SLOT -> ErrorCode.ADAPTER_LOADING;
                    case OVERLOADED, CLOSED -> ErrorCode.OVERLOADED;
                    case INVALID_ADAPTER, REQUEST_FAILED -> ErrorCode.REQUEST_FAILED;
                    case OVER_SHARE -> ErrorCode.RATE_LIMITED;
                    case FAILED -> ErrorCode.WORKER_FAILED;
                };
        return new ApiException(code, String.valueOf(e.getMessage()), e);
    }
}
