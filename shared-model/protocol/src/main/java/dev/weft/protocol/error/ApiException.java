package dev.weft.protocol.error;

import org.jspecify.annotations.Nullable;

/** A failure with the client's code, message and parameter. */
public final class ApiException extends RuntimeException {
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

    /** Uses the sentence that OpenAI's API has for an unknown model. */
    public static ApiException modelNotFound(String model) {
        return new ApiException(
                ErrorCode.MODEL_NOT_FOUND,
                "The model '" + model + "' does not exist or you do not have access to it.",
                "model");
    }

    public ErrorCode code() {
        return code;
    }

    /** Request field at fault; null if none is. */
    public @Nullable String param() {
        return param;
    }

    public ErrorEnvelope envelope() {
        return ErrorEnvelope.of(code, String.valueOf(getMessage()), param);
    }
}
