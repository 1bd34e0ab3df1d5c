package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.compare.ComparisonTable;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.protocol.shadow.ShadowFigures;
import dev.weft.protocol.shadow.ShadowFiguresCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The statements on {@code shadows}. */
final class ShadowTable {
    private static final String SELECT =
            """
            SELECT id, %s, plan, state, reason, bound, granted, figures, ends_at, ended_at
            FROM shadows
            """
                    .formatted(ComparisonTable.COLUMNS);

    private ShadowTable() {}

    /**
     * Adds a shadow that runs.
     *
     * @param shadow its id is ignored
     * @return its id
     */
    static long insert(JdbcClient tx, Shadow shadow) {
        return Rows.insert(
                ComparisonTable.with(
                                tx.sql(
                                        """
                                        INSERT INTO shadows (%s, plan, state, granted, figures,
                                            ends_at)
                                        VALUES (%s, :plan, :state, :granted, :figures, :ends)
                                        """
                                                .formatted(
                                                        ComparisonTable.COLUMNS,
                                                        ComparisonTable.VALUES)),
                                shadow.compared())
                        .param("plan", JsonMapper.shared().writeValueAsString(shadow.plan()))
                        .param("state", shadow.progress().state().name())
                        .param("granted", shadow.granted())
                        .param("figures", ShadowFiguresCodec.encode(shadow.figures()))
                        .param("ends", Rows.time(shadow.ends())));
    }

    /** Writes how it has ended. */
    static void end(JdbcClient tx, Shadow shadow) {
        Shadow.Progress progress = shadow.progress();
        ComparisonTable.with(
                        tx.sql(
                                "UPDATE shadows SET state = :state, %s WHERE id = :id"
                                        .formatted(ComparisonTable.END)),
                        progress.reason(),
                        progress.bound(),
                        progress.ended())
                .param("state", progress.state().name())
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
        return ComparisonTable.find(tx, SELECT, tenant, id, ShadowTable::read);
    }

    /** Locks the shadow's row until the transaction ends. */
    static Optional<Shadow> lock(JdbcClient tx, long id) {
        return ComparisonTable.lock(tx, SELECT, id, ShadowTable::read);
    }

    /** Shadows that run, of all tenants, in the order in which they began. */
    static List<Shadow> running(JdbcClient tx) {
        return tx.sql(
                        """
                        %s
                        WHERE state = 'running' ORDER BY id
                        """
                                .formatted(SELECT))
                .query(ShadowTable::read)
                .list();
    }

    /** Shadows of a page, and one more if there is one. */
    static List<Shadow> page(JdbcClient tx, ListPage page) {
        return ComparisonTable.page(tx, SELECT, page, ShadowTable::read);
    }

    private static Shadow read(ResultSet row, int place) throws SQLException {
        return new Shadow(
                row.getLong("id"),
                ComparisonTable.read(row),
                JsonMapper.shared().readValue(Rows.text(row, "plan"), ShadowPlan.class),
                new Shadow.Progress(
                        Shadow.State.valueOf(Rows.text(row, "state")),
                        row.getString("reason"),
                        ComparisonTable.bound(row),
                        Rows.instantOrNull(row, "ended_at")),
                new Shadow.Copied(
                        row.getLong("granted"), ShadowFiguresCodec.read(Rows.text(row, "figures"))),
                Rows.instant(row, "ends_at"));
    }
}
