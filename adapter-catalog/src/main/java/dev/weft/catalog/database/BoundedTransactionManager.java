package dev.weft.catalog.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Runs transactions that give up on a silent server. Migrations take their connections from the
 * same pool and may run for as long as they need.
 */
final class BoundedTransactionManager extends JdbcTransactionManager {
    private final int answerMillis;

    /**
     * @param answer how long the server may be silent after a query; then the connection is closed
     */
    BoundedTransactionManager(DataSource pool, Duration answer) {
        super(pool);
        this.answerMillis = Math.toIntExact(answer.toMillis());
    }

    /** Sets the limit; the pool resets it when the connection returns. */
    @Override
    protected void prepareTransactionalConnection(
            Connection connection, TransactionDefinition definition) throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        connection.setNetworkTimeout(Runnable::run, answerMillis);
    }
}
