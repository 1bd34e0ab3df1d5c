package dev.weft.catalog.rollout;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.protocol.adapter.AdapterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The statements on {@code rollouts}. */
final class RolloutTable {
    private static final int LONGEST_REASON = 1024;

    private static final String SELECT =
            """
            SELECT id, tenant, alias, from_adapter, from_version, to_adapter, to_version, plan, state,
                reason, bound, step, stepped_at, alias_revision, started_by, started_at, ended_at
            FROM rollouts
            """;

    private RolloutTable() {}

    /**
     * Adds a rollout in its first step.
     *
     * @param rollout its id is ignored
     */
    static Rollout insert(JdbcClient tx, Rollout rollout) {
        Rollout.Progress progress = rollout.progress();
        long id =
                Rows.insert(
                        tx.sql(
                                        """
                                        INSERT INTO rollouts (tenant, alias, from_adapter,
                                            from_version, to_adapter, to_version, plan, state,
                                            step, stepped_at, alias_revision, started_by,
                                            started_at)
                                        VALUES (:tenant, :alias, :from_adapter, :from_version,
                                            :to_adapter, :to_version, :plan, :state, :step,
                                            :stepped, :revision, :by, :started)
                                        """)
                                .param("tenant", rollout.alias().tenant())
                                .param("alias", rollout.alias().name())
                                .param("from_adapter", rollout.from().adapter())
                                .param("from_version", rollout.from().version())
                                .param("to_adapter", rollout.to().adapter())
                                .param("to_version", rollout.to().version())
                                .param(
                                        "plan",
                                        JsonMapper.shared().writeValueAsString(rollout.plan()))
                                .param("state", progress.state().name())
                                .param("step", progress.step())
                                .param("stepped", Rows.time(progress.stepped()))
                                .param("revision", progress.revision())
                                .param("by", rollout.startedBy())
                                .param("started", Rows.time(rollout.started())));
        return new Rollout(
                id,
                rollout.alias(),
                rollout.from(),
                rollout.to(),
                rollout.plan(),
                progress,
                rollout.startedBy(),
                rollout.started(),
                null);
    }

    /** Writes how far it is. */
    static void update(JdbcClient tx, Rollout rollout) {
        Rollout.Progress progress = rollout.progress();
        tx.sql(
                        """
                        UPDATE rollouts SET state = :state, reason = :reason, bound = :bound,
                            step = :step, stepped_at = :stepped, alias_revision = :revision,
                            ended_at = :ended
                        WHERE id = :id
                        """)
                .param("state", progress.state().name())
                .param("reason", cut(progress.reason()), Types.VARCHAR)
                .param(
                        "bound",
                        progress.bound() == null ? null : progress.bound().name(),
                        Types.VARCHAR)
                .param("step", progress.step())
                .param("stepped", Rows.time(progress.stepped()))
                .param("revision", progress.revision())
                .param("ended", Rows.timeOrNull(rollout.ended()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", rollout.id())
                .update();
    }

    static Optional<Rollout> find(JdbcClient tx, String tenant, long id) {
        return tx.sql(SELECT + "WHERE id = :id AND tenant = :tenant")
                .param("id", id)
                .param("tenant", tenant)
                .query(RolloutTable::read)
                .optional();
    }

    /** Locks the rollout's row until the transaction ends. */
    static Optional<Rollout> lock(JdbcClient tx, long id) {
        return tx.sql(SELECT + "WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(RolloutTable::read)
                .optional();
    }

    /** Rollouts that run or are paused, of all tenants, in the order in which they began. */
    static List<Rollout> active(JdbcClient tx) {
        return tx.sql(SELECT + "WHERE state IN ('running', 'paused') ORDER BY id")
                .query(RolloutTable::read)
                .list();
    }

    /**
     * The rollouts of an alias that run or are paused: one, and those that have lost it just now.
     */
    static List<Rollout> active(JdbcClient tx, AdapterId alias) {
        return tx.sql(
                        SELECT
                                + """
                                WHERE tenant = :tenant AND alias = :alias
                                    AND state IN ('running', 'paused')
                                """)
                .param("tenant", alias.tenant())
                .param("alias", alias.name())
                .query(RolloutTable::read)
                .list();
    }

    /**
     * Rollouts of a tenant with an id below {@code before}, newest first.
     *
     * @param alias only of this alias; null for all
     */
    static List<Rollout> page(
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
                .query(RolloutTable::read)
                .list();
    }

    private static Rollout read(ResultSet row, int place) throws SQLException {
        String bound = row.getString("bound");
        return new Rollout(
                row.getLong("id"),
                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "alias")),
                new RolledVersion(Rows.text(row, "from_adapter"), row.getInt("from_version")),
                new RolledVersion(Rows.text(row, "to_adapter"), row.getInt("to_version")),
                JsonMapper.shared().readValue(Rows.text(row, "plan"), Plan.class),
                new Rollout.Progress(
                        Rollout.State.valueOf(Rows.text(row, "state")),
                        row.getInt("step"),
                        row.getString("reason"),
                        bound == null ? null : Bound.valueOf(bound),
                        row.getLong("alias_revision"),
                        Rows.instant(row, "stepped_at")),
                Rows.text(row, "started_by"),
                Rows.instant(row, "started_at"),
                Rows.instantOrNull(row, "ended_at"));
    }

    private static @Nullable String cut(@Nullable String reason) {
        return reason == null || reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON);
    }
}
