package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.rollout.ShadowFigures;
import dev.weft.protocol.rollout.ShadowFiguresCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The statements on {@code shadows}. */
final class ShadowTable {
    private static final int LONGEST_REASON = 1024;

    private static final String SELECT =
            """
            SELECT id, tenant, alias, from_adapter, from_version, to_adapter, to_version, plan, state,
                reason, bound, granted, figures, started_by, started_at, ends_at, ended_at
            FROM shadows
            """;

    private ShadowTable() {}

    /**
     * Adds a shadow that runs.
     *
     * @param shadow its id is ignored
     * @return its id
     */
    static long insert(JdbcClient tx, Shadow shadow) {
        return Rows.insert(
                tx.sql(
                                """
                                INSERT INTO shadows (tenant, alias, from_adapter, from_version,
                                    to_adapter, to_version, plan, state, granted, figures,
                                    started_by, started_at, ends_at)
                                VALUES (:tenant, :alias, :from_adapter, :from_version, :to_adapter,
                                    :to_version, :plan, :state, :granted, :figures, :by, :started,
                                    :ends)
                                """)
                        .param("tenant", shadow.alias().tenant())
                        .param("alias", shadow.alias().name())
                        .param("from_adapter", shadow.from().adapter())
                        .param("from_version", shadow.from().version())
                        .param("to_adapter", shadow.to().adapter())
                        .param("to_version", shadow.to().version())
                        .param("plan", JsonMapper.shared().writeValueAsString(shadow.plan()))
                        .param("state", shadow.progress().state().name())
                        .param("granted", shadow.granted())
                        .param("figures", ShadowFiguresCodec.encode(shadow.figures()))
                        .param("by", shadow.startedBy())
                        .param("started", Rows.time(shadow.started()))
                        .param("ends", Rows.time(shadow.ends())));
    }

    /** Writes how it has ended. */
    static void end(JdbcClient tx, Shadow shadow) {
        Shadow.Progress progress = shadow.progress();
        tx.sql(
                        """
                        UPDATE shadows SET state = :state, reason = :reason, bound = :bound,
                            ended_at = :ended
                        WHERE id = :id
                        """)
                .param("state", progress.state().name())
                .param("reason", cut(progress.reason()), Types.VARCHAR)
                .param(
                        "bound",
                        progress.bound() == null ? null : progress.bound().name(),
                        Types.VARCHAR)
                .param("ended", Rows.timeOrNull(progress.ended()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", shadow.id())
                .update();
    }

    static void figures(JdbcClient tx, long id, ShadowFigures figures) {
        tx.sql("UPDATE shadows SET figures = :figures WHERE id = :id")
                .param("figures", ShadowFiguresCodec.encode(figures))
                .param("id", id)
                .update();
    }

    static void granted(JdbcClient tx, long id, long granted) {
        tx.sql("UPDATE shadows SET granted = :granted WHERE id = :id")
                .param("granted", granted)
                .param("id", id)
                .update();
    }

    static Optional<Shadow> find(JdbcClient tx, String tenant, long id) {
        return tx.sql(SELECT + "WHERE id = :id AND tenant = :tenant")
                .param("id", id)
                .param("tenant", tenant)
                .query(ShadowTable::read)
                .optional();
    }

    /** Locks the shadow's row until the transaction ends. */
    static Optional<Shadow> lock(JdbcClient tx, long id) {
        return tx.sql(SELECT + "WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(ShadowTable::read)
                .optional();
    }

    /** Shadows that run, of all tenants, in the order in which they began. */
    static List<Shadow> running(JdbcClient tx) {
        return tx.sql(SELECT + "WHERE state = 'running' ORDER BY id")
                .query(ShadowTable::read)
                .list();
    }

    /**
     * Shadows of a tenant with an id below {@code before}, newest first.
     *
     * @param alias only of this alias; null for all
     */
    static List<Shadow> page(
            JdbcClient tx, String tenant, @Nullable String alias, long before, int limit) {
        return tx.sql(
                        SELECT
                                + """
                                WHERE tenant = :tenant AND id < :before
                                    AND (:all = 1 OR alias = :alias)
                                ORDER BY id DESC
                                FETCH FIRST :limit ROWS ONLY
                                """)
                .param("tenant", tenant)
                .param("before", before)
                .param("all", alias == null ? 1 : 0)
                .param("alias", alias == null ? "" : alias)
                .param("limit", limit)
                .query(ShadowTable::read)
                .list();
    }

    private static Shadow read(ResultSet row, int place) throws SQLException {
        String bound = row.getString("bound");
        return new Shadow(
                row.getLong("id"),
                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "alias")),
                new RolledVersion(Rows.text(row, "from_adapter"), row.getInt("from_version")),
                new RolledVersion(Rows.text(row, "to_adapter"), row.getInt("to_version")),
                JsonMapper.shared().readValue(Rows.text(row, "plan"), ShadowPlan.class),
                new Shadow.Progress(
                        Shadow.State.valueOf(Rows.text(row, "state")),
                        row.getString("reason"),
                        bound == null ? null : Bound.valueOf(bound),
                        Rows.instantOrNull(row, "ended_at")),
                row.getLong("granted"),
                ShadowFiguresCodec.read(Rows.text(row, "figures")),
                Rows.text(row, "started_by"),
                Rows.instant(row, "started_at"),
                Rows.instant(row, "ends_at"));
    }

    private static @Nullable String cut(@Nullable String reason) {
        return reason == null || reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON);
    }
}
