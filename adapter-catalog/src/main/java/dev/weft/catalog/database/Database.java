package dev.weft.catalog.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs transactions and waits for them. A transaction that lost a race (a deadlock, a lock that
 * took too long, a row that another transaction inserted first) is run again, a few times. The work
 * runs on a thread that is never interrupted, since H2 closes its file under an interrupted thread.
 * The caller may be interrupted; the transaction then still commits or rolls back as a whole.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int ATTEMPTS = 6;
    private static final Duration WHOLE = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(2);
    private static final Duration END_OF_POOL = Duration.ofSeconds(5);

    /**
     * The database rolled the transaction back (serialization, deadlock), or a constraint was
     * violated.
     */
    private static final Set<String> LOST_RACE_CLASSES = Set.of("40", "23");

    /** The class of values that the database does not hold. */
    private static final String DATA_CLASS = "22";

    /** A lock that took too long, on H2 and on PostgreSQL. */
    private static final Set<String> LOST_RACE_STATES = Set.of("HYT00", "55P03");

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Runnable endOfPool;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("catalog-database-", 0).factory());

    /**
     * @param endOfPool closes the connections; may hang if a server doesn't answer
     */
    Database(JdbcClient jdbc, TransactionTemplate transactions, Runnable endOfPool) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.endOfPool = endOfPool;
    }

    /**
     * Runs {@code work} in one transaction; commits when it returns, rolls back when it throws. It
     * may run more than once, so it should do nothing but talk to the database, through the client
     * that it is given and on the thread that it is called on.
     *
     * @throws DatabaseException if the database failed or the deadline of 60 seconds passed
     * @throws RefusedValueException if a value is one that the database does not hold
     */
    public <T> T transaction(Function<JdbcClient, T> work) {
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

    /** Throws if the database does not answer. */
    public void ping() {
        transaction(tx -> tx.sql("SELECT 1").query(Integer.class).single());
    }

    private <T> T attempts(Function<JdbcClient, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transactions.execute(_ -> work.apply(jdbc));
            } catch (CannotCreateTransactionException e) {
                // a wait for a connection that failed isn't a lost race
                throw new DatabaseException("no connection to the database: " + cause(e), e);
            } catch (DataAccessException | TransactionException e) {
                String state = state(e);
                if (state.startsWith(DATA_CLASS)) {
                    LOG.warn("the database refuses a value: {}", cause(e));
                    throw new RefusedValueException(e);
                }
                if (attempt == ATTEMPTS || !lostRace(state)) {
                    throw new DatabaseException("the database failed: " + cause(e), e);
                }
                LOG.debug("transaction runs again after {}", e.toString());
            }
        }
    }

    private static boolean lostRace(String state) {
        return LOST_RACE_STATES.contains(state)
                || (!state.isEmpty() && LOST_RACE_CLASSES.contains(state.substring(0, 2)));
    }

    /** The five characters that say what failed; empty if the database didn't say. */
    private static String state(NestedRuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String state = cause instanceof SQLException failed ? failed.getSQLState() : null;
            if (state != null && state.length() == 5) {
                return state;
            }
        }
        return "";
    }

    private static String cause(NestedRuntimeException e) {
        return String.valueOf(e.getMostSpecificCause().getMessage());
    }

    private static RuntimeException unchecked(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException failed -> failed;
            case Error error -> throw error;
            case null, default -> new DatabaseException("the database failed", e);
        };
    }

    /** Closes the connections, and with them an H2 file, on a thread that is never interrupted. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a transaction is still running; the database is closed under it");
            }
            if (!Thread.ofVirtual()
                    .name("catalog-database-end")
                    .start(endOfPool)
                    .join(END_OF_POOL)) {
                LOG.warn("connections to the database did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
