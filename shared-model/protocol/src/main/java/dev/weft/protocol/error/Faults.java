package dev.weft.protocol.error;

import java.util.Objects;

/**
 * Describes a fault that ends a unit of work, in words for whoever asked for the work. An {@link
 * Error} is a fault like any other: it ends the unit, with a reason, and nothing else. A short heap
 * ends the process before anybody sees the error ({@code -XX:+ExitOnOutOfMemoryError}).
 */
public final class Faults {
    private Faults() {}

    /** The reason of the fault. */
    public static String reason(Throwable fault) {
        return switch (fault) {
            case StackOverflowError _ -> "it nests too deeply (StackOverflowError)";
            case OutOfMemoryError e ->
                    "it needs more memory than this process may have (" + e.getMessage() + ")";
            case Error e -> e.toString();
            default -> Objects.requireNonNullElse(fault.getMessage(), fault.toString());
        };
    }

    /**
     * Turns a fault into one that the request's client can be told. Reactor throws some errors out
     * of its operators, and then nobody answers. Code within operators must therefore throw
     * exceptions, and only exceptions may be passed to them.
     */
    public static RuntimeException ofRequest(Throwable fault) {
        return switch (fault) {
            case RuntimeException e -> e;
            case StackOverflowError e ->
                    new ApiException(
                            ErrorCode.REQUEST_FAILED,
                            "The request could not be handled: " + reason(e),
                            e);
            default ->
                    new IllegalStateException(
                            "the request could not be handled: " + reason(fault), fault);
        };
    }
}
