package dev.weft.catalog.alias;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.version.AliasTarget;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statements on {@code alias_revisions}. A change keeps the revision before it. A rollback
 * keeps the revision before its target, so several rollbacks in a row go further back.
 */
final class AliasHistory {
    private static final TypeReference<List<AliasTarget>> TARGETS = new TypeReference<>() {};

    private AliasHistory() {}

    /**
     * What an alias pointed at.
     *
     * @param backTo the revision that a rollback goes to; null if there is none
     */
    record Revision(@Nullable Long backTo, List<AliasTarget> targets) {}

    static void add(
            JdbcClient tx, AliasRow alias, @Nullable Long backTo, List<AliasTarget> targets) {
        tx.sql(
                        """
                        INSERT INTO alias_revisions (alias_id, revision, back_to, targets)
                        VALUES (:alias, :revision, :back_to, :targets)
                        """)
                .param("alias", alias.id())
                .param("revision", alias.revision())
                .param("back_to", backTo, Types.BIGINT)
                .param("targets", JsonMapper.shared().writeValueAsString(targets))
                .update();
    }

    static Optional<Revision> find(JdbcClient tx, AliasRow alias, long revision) {
        return tx.sql(
                        """
                        SELECT back_to, targets FROM alias_revisions
                        WHERE alias_id = :alias AND revision = :revision
                        """)
                .param("alias", alias.id())
                .param("revision", revision)
                .query(AliasHistory::read)
                .optional();
    }

    static void delete(JdbcClient tx, AliasRow alias) {
        tx.sql("DELETE FROM alias_revisions WHERE alias_id = :alias")
                .param("alias", alias.id())
                .update();
    }

    private static Revision read(ResultSet row, int place) throws SQLException {
        return new Revision(
                Rows.longOrNull(row, "back_to"),
                JsonMapper.shared().readValue(Rows.text(row, "targets"), TARGETS));
    }
}
