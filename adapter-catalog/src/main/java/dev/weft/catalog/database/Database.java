package dev.weft.catalog.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;
import io.r2dbc.spi.R2dbcTransientException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Runs transactions and waits for them. A transaction that lost a race (a deadlock, a lock that
 * took too long, a row that somebody else inserted first) is run again, a few times. The work runs
 * on a thread that is never interrupted, since H2 closes its file under an interrupted thread; the
 * caller may be interrupted, the transaction then still commits or rolls back as a whole.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int ATTEMPTS = 6;
    private static final Duration STATEMENT = Duration.ofSeconds(20);
    private static final Duration WHOLE = Duration.ofSeconds(60);

    private final ConnectionPool pool;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("catalog-database-", 0).factory());

    Database(ConnectionPool pool) {
        this.pool = pool;
    }

    /**
     * Runs {@code work} in one transaction; commits when it returns, rolls back when it throws. It
     * may run more than once, so it should do nothing but talk to the database.
     *
     * @throws DatabaseException where the database failed or the deadline of 60 seconds passed
     */
    public <T> T transaction(Function<Transaction, T> work) {
        Future<T> running = threads.submit(() -> attempts(work));
        try {
            return running.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unchecked(e);
        } catch (TimeoutException e) {
            throw new DatabaseException(
                    "the database took more than " + WHOLE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while waiting for the database", e);
        }
    }

    /** Throws where the database does not answer. */
    public void ping() {
        transaction(tx -> tx.query("SELECT 1 AS one", row -> 1));
    }

    private <T> T attempts(Function<Transaction, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !lostRace(e)) {
                    throw e;
                }
                LOG.debug("transaction runs again after {}", e.toString());
            }
        }
    }

    private <T> T once(Function<Transaction, T> work) {
        Connection connection = await(pool.create());
        try {
            await(Mono.from(connection.beginTransaction()));
            try {
                T result = work.apply(new Transaction(connection, STATEMENT));
                await(Mono.from(connection.commitTransaction()));
                return result;
            } catch (RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            }
        } finally {
            await(Mono.from(connection.close()));
        }
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            await(Mono.from(connection.rollbackTransaction()));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean lostRace(RuntimeException e) {
        return e instanceof R2dbcDataIntegrityViolationException
                || e instanceof R2dbcRollbackException
                || e instanceof R2dbcTransientException;
    }

    private static RuntimeException unchecked(ExecutionException e) {
        return switch (e.getCause()) {
            case R2dbcException failed ->
                    new DatabaseException("the database failed: " + failed.getMessage(), failed);
            case RuntimeException other -> other;
            case Error error -> throw error;
            case null, default -> new DatabaseException("the database failed", e);
        };
    }

    @SuppressWarnings("NullAway") // block() gives null for an empty Mono, which only Void ones are
    private static <T> T await(Mono<T> mono) {
        return mono.block(STATEMENT);
    }

    /** Ends the connections; an H2 file is closed then. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("a transaction is still running; the database is closed under it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.disposeLater().block(Duration.ofSeconds(5));
    }
}
