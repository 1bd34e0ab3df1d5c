package dev.weft.catalog.rollout;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.compare.ComparisonTable;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.protocol.adapter.AdapterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The statements on {@code rollouts}. */
final class RolloutTable {
    private static final String SELECT =
            """
            SELECT id, %s, plan, state, reason, bound, step, stepped_at, alias_revision, ended_at
            FROM rollouts
            """
                    .formatted(ComparisonTable.COLUMNS);

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
                        ComparisonTable.with(
                                        tx.sql(
                                                """
                                                INSERT INTO rollouts (%s, plan, state, step,
                                                    stepped_at, alias_revision)
                                                VALUES (%s, :plan, :state, :step, :stepped,
                                                    :revision)
                                                """
                                                        .formatted(
                                                                ComparisonTable.COLUMNS,
                                                                ComparisonTable.VALUES)),
                                        rollout.compared())
                                .param(
                                        "plan",
                                        JsonMapper.shared().writeValueAsString(rollout.plan()))
                                .param("state", progress.state().name())
                                .param("step", progress.step())
                                .param("stepped", Rows.time(progress.stepped()))
                                .param("revision", progress.revision()));
        return new Rollout(id, rollout.compared(), rollout.plan(), progress, null);
    }

    /** Writes how far it is. */
    static void update(JdbcClient tx, Rollout rollout) {
        Rollout.Progress progress = rollout.progress();
        ComparisonTable.with(
                        tx.sql(
                                """
                                UPDATE rollouts SET state = :state, step = :step,
                                    stepped_at = :stepped, alias_revision = :revision, %s
                                WHERE id = :id
                                """
                                        .formatted(ComparisonTable.END)),
                        progress.reason(),
                        progress.bound(),
                        rollout.ended())
                .param("state", progress.state().name())
                .param("step", progress.step())
                .param("stepped", Rows.time(progress.stepped()))
                .param("revision", progress.revision())
                .param("id", rollout.id())
                .update();
    }

    static Optional<Rollout> find(JdbcClient tx, String tenant, long id) {
        return ComparisonTable.find(tx, SELECT, tenant, id, RolloutTable::read);
    }

    /** Locks the rollout's row until the transaction ends. */
    static Optional<Rollout> lock(JdbcClient tx, long id) {
        return ComparisonTable.lock(tx, SELECT, id, RolloutTable::read);
    }

    /** Rollouts that run or are paused, of all tenants, in the order in which they began. */
    static List<Rollout> active(JdbcClient tx) {
        return tx.sql(
                        """
                        %s
                        WHERE state IN ('running', 'paused') ORDER BY id
                        """
                                .formatted(SELECT))
                .query(RolloutTable::read)
                .list();
    }

    /** How many rollouts of a tenant run or are paused. */
    static int countActive(JdbcClient tx, String tenant) {
        return tx.sql(
                        """
                        SELECT COUNT(*) FROM rollouts
                        WHERE tenant = :tenant AND state IN ('running', 'paused')
                        """)
                .param("tenant", tenant)
                .query(Integer.class)
                .single();
    }

    /**
     * The rollouts of an alias that run or are paused: at most one that has the alias, and those
     * that have just lost it.
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

    /** Rollouts of a page, and one more if there is one. */
    static List<Rollout> page(JdbcClient tx, ListPage page) {
        return ComparisonTable.page(tx, SELECT, page, RolloutTable::read);
    }

    private static Rollout read(ResultSet row, int place) throws SQLException {
        return new Rollout(
                row.getLong("id"),
                ComparisonTable.read(row),
                JsonMapper.shared().readValue(Rows.text(row, "plan"), Plan.class),
                new Rollout.Progress(
                        Rollout.State.valueOf(Rows.text(row, "state")),
                        row.getInt("step"),
                        row.getString("reason"),
                        ComparisonTable.bound(row),
                        row.getLong("alias_revision"),
                        Rows.instant(row, "stepped_at")),
                Rows.instantOrNull(row, "ended_at"));
    }
}
