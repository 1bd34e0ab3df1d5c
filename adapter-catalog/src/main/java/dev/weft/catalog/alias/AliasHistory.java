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
 * The statements on {@code alias_revisions}. A change notes where a rollback goes: to the last
 * revision before it that is no step of a rollout. A rollback notes what its target has noted, so
 * several rollbacks in a row go further back.
 */
final class AliasHistory {
    private static final TypeReference<List<AliasTarget>> TARGETS = new TypeReference<>() {};

    private AliasHistory() {}

    /**
     * What an alias pointed at.
     *
     * @param backTo the revision that a rollback goes to; null if there is none
     * @param passing whether it is a step of a rollout, which rollbacks of later changes pass over
     */
    record Revision(@Nullable Long backTo, boolean passing, List<AliasTarget> targets) {}

    static void add(JdbcClient tx, AliasRow alias, Revision revision) {
        tx.sql(
                        """
                        INSERT INTO alias_revisions (alias_id, revision, back_to, passing, targets)
                        VALUES (:alias, :revision, :back_to, :passing, :targets)
                        """)
                .param("alias", alias.id())
                .param("revision", alias.revision())
                .param("back_to", revision.backTo(), Types.BIGINT)
                .param("passing", revision.passing())
                .param("targets", JsonMapper.shared().writeValueAsString(revision.targets()))
                .update();
    }

    static Optional<Revision> find(JdbcClient tx, AliasRow alias, long revision) {
        return tx.sql(
                        """
                        SELECT back_to, passing, targets FROM alias_revisions
                        WHERE alias_id = :alias AND revision = :revision
                        """)
                .param("alias", alias.id())
                .param("revision", revision)
                .query(AliasHistory::read)
                .optional();
    }

    /** The revision that a rollback of the next change goes to; empty if there is none. */
    static Optional<Long> before(JdbcClient tx, AliasRow alias, AliasChange.Kind next) {
        Optional<Long> lasting =
                find(tx, alias, alias.revision())
                        .flatMap(now ->
                                now.passing()
                                        ? Optional.ofNullable(now.backTo())
                                        : Optional.of(alias.revision()));
        return switch (next) {
            case LASTING, STEP -> lasting;
            case RETURN ->
                    lasting.flatMap(revision -> find(tx, alias, revision))
                            .flatMap(begun -> Optional.ofNullable(begun.backTo()));
        };
    }

    static void delete(JdbcClient tx, AliasRow alias) {
        tx.sql("DELETE FROM alias_revisions WHERE alias_id = :alias")
                .param("alias", alias.id())
                .update();
    }

    private static Revision read(ResultSet row, int place) throws SQLException {
        return new Revision(
                Rows.longOrNull(row, "back_to"),
                row.getBoolean("passing"),
                JsonMapper.shared().readValue(Rows.text(row, "targets"), TARGETS));
    }
}
