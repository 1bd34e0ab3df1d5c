package dev.weft.catalog.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;
import io.r2dbc.spi.R2dbcTransientException;
import io.r2dbc.spi.Wrapped;
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
    private static final Duration CLOSE = Duration.ofSeconds(2);
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
        Connection connection = connect();
        try {
            await(Mono.from(connection.beginTransaction()));
            T result = work.apply(new Transaction(connection, STATEMENT));
            await(Mono.from(connection.commitTransaction()));
            release(connection);
            return result;
        } catch (DatabaseException e) {
            drop(connection);
            throw e;
        } catch (RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        }
    }

    /** To have waited for a connection is no race that was lost: nothing gets better at once. */
    private Connection connect() {
        try {
            return await(pool.create());
        } catch (R2dbcException e) {
            throw new DatabaseException("no connection to the database: " + e.getMessage(), e);
        }
    }

    /** What was committed stays so, whatever becomes of the connection. */
    private static void release(Connection connection) {
        try {
            await(Mono.from(connection.close()));
        } catch (RuntimeException e) {
            LOG.debug("a connection was not given back: {}", e.toString());
            drop(connection);
        }
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            await(Mono.from(connection.rollbackTransaction()));
            release(connection);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            drop(connection);
        }
    }

    /**
     * Gives up a connection on which nothing comes back: what it was asked for last would go before
     * a rollback, and nobody is to wait for either. The pool makes another one in its place.
     */
    private static void drop(Connection connection) {
        Mono<Void> own =
                connection instanceof Wrapped<?> pooled
                                && pooled.unwrap() instanceof Connection behind
                        ? Mono.from(behind.close()).timeout(CLOSE).onErrorComplete()
                        : Mono.empty();
        own.then(Mono.from(connection.close()))
                .timeout(CLOSE.multipliedBy(2))
                .subscribe(
                        _ -> {},
                        e -> LOG.debug("a lost connection does not close: {}", e.toString()));
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

    @SuppressWarnings("NullAway") // null for an empty Mono, which only Void ones are
    private static <T> T await(Mono<T> mono) {
        return Waiting.await(mono, STATEMENT);
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
        try {
            pool.disposeLater().block(Duration.ofSeconds(5));
        } catch (RuntimeException e) {
            LOG.warn("connections to the database did not close: {}", e.toString());
        }
    }
}
