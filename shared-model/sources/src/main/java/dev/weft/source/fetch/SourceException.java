package dev.weft.source.fetch;

/** Thrown if a fetch failed; the message names repository, revision and remedy. */
public sealed class SourceException extends Exception permits ReplacedException {
    private final SourceFault fault;

    public SourceException(SourceFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public SourceException(SourceFault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public SourceFault fault() {
        return fault;
    }
}
