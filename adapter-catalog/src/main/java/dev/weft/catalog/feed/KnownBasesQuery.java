package dev.weft.catalog.feed;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.feed.CatalogBase;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bases as followers are told of them. */
final class KnownBasesQuery {
    private KnownBasesQuery() {}

    /** All bases, in the order of their ids. */
    static List<CatalogBase> all(JdbcClient tx) {
        return tx.sql("SELECT id, name, source, repo, revision FROM bases ORDER BY id")
                .query((row, _) ->
                        new CatalogBase(
                                row.getLong("id"),
                                Rows.text(row, "name"),
                                Version.Origin.root(
                                        Rows.text(row, "source"),
                                        Rows.text(row, "repo"),
                                        row.getString("revision"))))
                .list();
    }
}
