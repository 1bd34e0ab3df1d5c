package dev.weft.catalog.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;

/** Converts values that JDBC treats specially: times, numbers that may be null, ids of new rows. */
public final class Rows {
    private Rows() {}

    /** The time in milliseconds, as tables keep it. */
    public static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A time as a statement's parameter. */
    public static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** A time that may be null as a statement's parameter. */
    public static @Nullable OffsetDateTime timeOrNull(@Nullable Instant instant) {
        return instant == null ? null : time(instant);
    }

    /** A column with a time that is never null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        Instant instant = instantOrNull(row, column);
        if (instant == null) {
            throw new DatabaseException("column " + column + " is null");
        }
        return instant;
    }

    /** A column with a time. */
    public static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A column of type BIGINT. */
    public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }

    /** A column of type INTEGER. */
    public static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Integer.class);
    }

    /** A column with text that is never null. */
    public static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw new DatabaseException("column " + column + " is null");
        }
        return text;
    }

    /** Inserts one row; returns the value that its {@code id} column was given. */
    public static long insert(StatementSpec statement) {
        KeyHolder id = new GeneratedKeyHolder();
        statement.update(id, "id");
        Long key = id.getKeyAs(Long.class);
        if (key == null) {
            throw new DatabaseException("the database gave no id for a new row");
        }
        return key;
    }
}
