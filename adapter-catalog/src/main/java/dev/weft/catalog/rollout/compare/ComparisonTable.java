package dev.weft.catalog.rollout.compare;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The columns that the tables of rollouts and of shadows have in common. */
public final class ComparisonTable {
    /** Names of the columns of a comparison, in the order of {@link #VALUES}. */
    public static final String COLUMNS =
            "tenant, alias, from_adapter, from_version, to_adapter, to_version, started_by,"
                    + " started_at";

    /** Parameters that {@link #with(StatementSpec, Comparison)} gives. */
    public static final String VALUES =
            ":tenant, :alias, :from_adapter, :from_version, :to_adapter, :to_version, :by,"
                    + " :started";

    /** Assignments to the columns that say how it has ended, and why. */
    public static final String END = "reason = :reason, bound = :bound, ended_at = :ended";

    private static final int LONGEST_REASON = 1024;

    private ComparisonTable() {}

    /** The parameters of {@link #VALUES}. */
    public static StatementSpec with(StatementSpec statement, Comparison comparison) {
        return statement
                .param("tenant", comparison.alias().tenant())
                .param("alias", comparison.alias().name())
                .param("from_adapter", comparison.from().adapter())
                .param("from_version", comparison.from().version())
                .param("to_adapter", comparison.to().adapter())
                .param("to_version", comparison.to().version())
                .param("by", comparison.startedBy())
                .param("started", Rows.time(comparison.started()));
    }

    /** The parameters of {@link #END}. */
    public static StatementSpec with(
            StatementSpec statement,
            @Nullable String reason,
            @Nullable Bound bound,
            @Nullable Instant ended) {
        return statement
                .param("reason", cut(reason), Types.VARCHAR)
                .param("bound", bound == null ? null : bound.name(), Types.VARCHAR)
                .param("ended", Rows.timeOrNull(ended), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    /** Reads the columns of {@link #COLUMNS}. */
    public static Comparison read(ResultSet row) throws SQLException {
        return new Comparison(
                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "alias")),
                new RolledVersion(Rows.text(row, "from_adapter"), row.getInt("from_version")),
                new RolledVersion(Rows.text(row, "to_adapter"), row.getInt("to_version")),
                Rows.text(row, "started_by"),
                Rows.instant(row, "started_at"));
    }

    /** The bound that was broken; null if none was. */
    public static @Nullable Bound bound(ResultSet row) throws SQLException {
        String bound = row.getString("bound");
        return bound == null ? null : Bound.valueOf(bound);
    }

    /**
     * Finds a row of one of the tables.
     *
     * @param select the statement before its conditions
     */
    public static <T> Optional<T> find(
            JdbcClient tx, String select, String tenant, long id, RowMapper<T> mapper) {
        return tx.sql(select + "WHERE id = :id AND tenant = :tenant")
                .param("id", id)
                .param("tenant", tenant)
                .query(mapper)
                .optional();
    }

    /**
     * Locks a row of one of the tables until the transaction ends.
     *
     * @param select the statement before its conditions
     */
    public static <T> Optional<T> lock(JdbcClient tx, String select, long id, RowMapper<T> mapper) {
        return tx.sql(select + "WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(mapper)
                .optional();
    }

    /**
     * A page of one of the tables, and one row more if there is one.
     *
     * @param select the statement before its conditions
     */
    public static <T> List<T> page(
            JdbcClient tx, String select, ListPage page, RowMapper<T> mapper) {
        return tx.sql(
                        select
                                + """
                                WHERE tenant = :tenant AND id < :before
                                    AND (:all = 1 OR alias = :alias)
                                ORDER BY id DESC
                                FETCH FIRST :limit ROWS ONLY
                                """)
                .param("tenant", page.tenant())
                .param("before", page.before())
                .param("all", page.alias() == null ? 1 : 0)
                .param("alias", page.alias() == null ? "" : page.alias())
                .param("limit", page.size() + 1)
                .query(mapper)
                .list();
    }

    private static @Nullable String cut(@Nullable String reason) {
        return reason == null || reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON);
    }
}
