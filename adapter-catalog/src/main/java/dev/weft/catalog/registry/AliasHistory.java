package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;
import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statements on {@code alias_revisions}. A change remembers the revision it came after; a roll
 * back remembers the one that its target came after, so that several in a row go further back.
 */
final class AliasHistory {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<AliasTarget>> TARGETS = new TypeReference<>() {};

    private AliasHistory() {}

    /**
     * What an alias pointed at.
     *
     * @param backTo the revision that a roll back goes to; null where there is none
     */
    record Revision(@Nullable Long backTo, List<AliasTarget> targets) {}

    static void add(
            Transaction tx, AliasRow alias, @Nullable Long backTo, List<AliasTarget> targets) {
        tx.update(
                "INSERT INTO alias_revisions (alias_id, revision, back_to, targets)"
                        + " VALUES ($1, $2, $3, $4)",
                alias.id(),
                alias.revision(),
                nullable(Long.class, backTo),
                JSON.writeValueAsString(targets));
    }

    static Optional<Revision> find(Transaction tx, AliasRow alias, long revision) {
        return tx
                .query(
                        "SELECT back_to, targets FROM alias_revisions"
                                + " WHERE alias_id = $1 AND revision = $2",
                        row ->
                                new Revision(
                                        row.get("back_to", Long.class),
                                        JSON.readValue(
                                                required(row, "targets", String.class), TARGETS)),
                        alias.id(),
                        revision)
                .stream()
                .findFirst();
    }
}
