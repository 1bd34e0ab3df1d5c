package dev.weft.catalog.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Statements within one transaction, one after the other, each waited for. Parameters are {@code
 * $1, $2, ...} in order; an SQL null is {@code Parameters.in(Type.class)}. One thread at a time.
 */
public final class Transaction {
    private final Connection connection;
    private final Duration deadline;

    Transaction(Connection connection, Duration deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    /** An SQL null where {@code value} is null. */
    public static <T> Object nullable(Class<T> type, @Nullable T value) {
        return value == null ? Parameters.in(type) : value;
    }

    /** Runs a change; returns how many rows it touched. */
    public long update(String sql, Object... parameters) {
        Long rows =
                Waiting.await(
                        Flux.from(bind(sql, parameters).execute())
                                .flatMap(Result::getRowsUpdated)
                                .reduce(0L, Long::sum),
                        deadline);
        return rows == null ? 0 : rows;
    }

    /** Inserts one row; returns the value its {@code id} column was given. */
    public long insert(String sql, Object... parameters) {
        Long id =
                Waiting.await(
                        Flux.from(bind(sql, parameters).returnGeneratedValues("id").execute())
                                .flatMap(result ->
                                        result.map((row, _) -> required(row, "id", Long.class)))
                                .next(),
                        deadline);
        if (id == null) {
            throw new DatabaseException("the database gave no id for a new row: " + sql);
        }
        return id;
    }

    /** Runs a query; returns all its rows in order. */
    public <T> List<T> query(String sql, Function<Row, T> mapper, Object... parameters) {
        List<T> rows =
                Waiting.await(
                        Flux.from(bind(sql, parameters).execute())
                                .concatMap(result -> result.map((row, _) -> mapper.apply(row)))
                                .collectList(),
                        deadline);
        return rows == null ? List.of() : rows;
    }

    /** Runs a query; hands over its rows in order, none of which is kept. */
    public void each(String sql, Consumer<Row> taker, Object... parameters) {
        Waiting.await(
                Flux.from(bind(sql, parameters).execute())
                        .concatMap(result ->
                                result.map((row, _) -> {
                                    taker.accept(row);
                                    return row;
                                }))
                        .then(),
                deadline);
    }

    /** A column that is never null. */
    public static <T> T required(Row row, String column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new DatabaseException("column " + column + " is null");
        }
        return value;
    }

    private Statement bind(String sql, Object... parameters) {
        Statement statement = connection.createStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] instanceof Parameter none && none.getValue() == null) {
                statement.bindNull(i, none.getType().getJavaType());
            } else {
                statement.bind(i, parameters[i]);
            }
        }
        return statement;
    }
}
