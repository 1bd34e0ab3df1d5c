package dev.weft.catalog.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import java.nio.file.Path;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Opens the catalog's database, its tables brought up to date. */
public final class Databases {
    private static final String MIGRATIONS = "classpath:dev/weft/catalog/migration";

    private Databases() {}

    /**
     * Migrates with Flyway over JDBC, closes that, and opens the pool.
     *
     * @param url a PostgreSQL, or null for H2 in a file of {@code data}
     * @throws DatabaseException where it can't be reached or migrated; names no password
     */
    public static Database open(@Nullable String url, Path data) {
        DatabaseAddress address =
                url == null ? DatabaseAddress.h2(data) : DatabaseAddress.postgres(url);
        migrate(address);
        return new Database(
                new ConnectionPool(
                        ConnectionPoolConfiguration.builder(
                                        ConnectionFactories.get(address.options()))
                                .name("catalog")
                                .initialSize(1)
                                .maxSize(8)
                                .maxAcquireTime(Duration.ofSeconds(15))
                                .maxIdleTime(Duration.ofMinutes(10))
                                .build()));
    }

    private static void migrate(DatabaseAddress address) {
        try {
            Flyway.configure(Databases.class.getClassLoader())
                    .dataSource(address.jdbcUrl(), address.user(), address.password())
                    .locations(MIGRATIONS)
                    .placeholders(address.placeholders())
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DatabaseException(
                    "the catalog's database "
                            + address.jdbcUrl()
                            + " can't be brought up to date: "
                            + e.getMessage(),
                    e);
        }
    }
}
