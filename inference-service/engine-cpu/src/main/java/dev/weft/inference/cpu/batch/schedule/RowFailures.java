package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.EngineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the error of a request if work for it alone has failed. */
public final class RowFailures {
    private static final Logger LOG = LoggerFactory.getLogger(RowFailures.class);

    private RowFailures() {}

    /**
     * The error that ends the row. Lack of memory is the engine's fault, anything else the
     * request's: another worker would fail in the same way.
     */
    public static EngineException of(Row row, Throwable error) {
        if (error instanceof EngineException known) {
            return known;
        }
        LOG.error("request {} failed; it ends, the others go on", row.request().id(), error);
        // the team's exception has its member's as the cause
        Throwable first = error.getCause() == null ? error : error.getCause();
        return new EngineException(
                first instanceof OutOfMemoryError
                        ? EngineException.Cause.FAILED
                        : EngineException.Cause.REQUEST_FAILED,
                "the engine failed on request "
                        + row.request().id()
                        + " at token "
                        + row.produced()
                        + " ("
                        + first.getClass().getSimpleName()
                        + "); the worker's log says why",
                error);
    }
}
