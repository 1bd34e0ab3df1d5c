package dev.weft.catalog.database;

import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Waits for what the database is asked for. */
final class Waiting {
    private Waiting() {}

    /**
     * The result; null where there is none.
     *
     * @throws R2dbcException where the database or its driver says what failed
     * @throws DatabaseException where it did not answer in time, or the connection to it was lost
     */
    static <T> @Nullable T await(Mono<T> asked, Duration limit) {
        try {
            return asked.timeout(limit).block();
        } catch (R2dbcException e) {
            throw e;
        } catch (RejectedExecutionException e) {
            throw new DatabaseException("the connections to the database are closed", e);
        } catch (RuntimeException e) {
            // checked ones, of time and of connections, come wrapped; others are those of mappers
            Throwable cause = Exceptions.unwrap(e);
            if (cause instanceof RuntimeException) {
                throw e;
            }
            throw new DatabaseException("the database does not answer: " + cause, cause);
        }
    }
}
