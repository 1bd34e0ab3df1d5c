package dev.weft.protocol.error;

import org.jspecify.annotations.Nullable;

/** A failure with the code, the message and the parameter that the client is told. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String param;

    public ApiException(ErrorCode code, String message, @Nullable String param) {
        super(message);
        this.code = code;
        this.param = param;
    }

    public ApiException(ErrorCode code, String message) {
        super(message);
        this.code = code;
        this.param = null;
    }

    public ApiException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.param = null;
    }

    /** The one sentence OpenAI's API has for a model that is not there. */
    public static ApiException modelNotFound(String model) {
        return new ApiException(
                ErrorCode.MODEL_NOT_FOUND,
                "The model '" + model + "' does not exist or you do not have access to it.",
                "model");
    }

    public ErrorCode code() {
        return code;
    }

    /** Request field at fault, null where none is. */
    public @Nullable String param() {
        return param;
    }

    public ErrorEnvelope envelope() {
        return ErrorEnvelope.of(code, String.valueOf(getMessage()), param);
    }
}
