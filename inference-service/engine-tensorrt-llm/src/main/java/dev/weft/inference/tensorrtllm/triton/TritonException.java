package dev.weft.inference.tensorrtllm.triton;

/** A refusal by Triton or one of its backends, in its own words. */
public final class TritonException extends RuntimeException {
    /** {@code TRITONSERVER_Error_Code}, in its order. */
    public enum Code {
        UNKNOWN,
        INTERNAL,
        NOT_FOUND,
        INVALID_ARG,
        UNAVAILABLE,
        UNSUPPORTED,
        ALREADY_EXISTS,
        CANCELLED;

        static Code of(int number) {
            Code[] all = values();
            return number >= 0 && number < all.length ? all[number] : UNKNOWN;
        }
    }

    private final Code code;

    public TritonException(Code code, String message) {
        super(message);
        this.code = code;
    }

    TritonException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
