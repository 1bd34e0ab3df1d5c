package dev.weft.protocol.error;

import java.util.Objects;

/**
 * What ends a unit of work, in words for whoever asked for it. An {@link Error} is one of the
 * unit's faults like any other: it ends the unit, with a reason, and nothing else. A heap that is
 * short ends the process before anybody sees it ({@code -XX:+ExitOnOutOfMemoryError}).
 */
public final class Faults {
    private Faults() {}

    /** Why it could not be done. */
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
     * What a request's client is told. Reactor throws some errors out of its operators, where
     * nobody answers: what runs within them and what is passed to them must be an exception.
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
