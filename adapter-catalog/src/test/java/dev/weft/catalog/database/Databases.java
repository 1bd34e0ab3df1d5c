package dev.weft.catalog.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens a database as a catalog does, without the rest of the catalog. */
public final class Databases {
    private Databases() {}

    /**
     * A database whose tables are up to date; closing it closes its connections, too.
     *
     * @param url a PostgreSQL, or null for H2 in a file of {@code data}
     */
    public static Database open(@Nullable String url, Path data) {
        if (url == null) {
            EmptyH2.into(data);
        }
        return openFresh(url, data);
    }

    /** The same, and makes the tables itself if they are not there. */
    static Database openFresh(@Nullable String url, Path data) {
        var context = new AnnotationConfigApplicationContext();
        context.registerBean(DatabaseSettings.class, () -> new DatabaseSettings(url, data));
        context.register(DatabaseConfiguration.class);
        context.refresh();
        return new Database(
                context.getBean(JdbcClient.class),
                context.getBean(TransactionTemplate.class),
                context::close);
    }
}
