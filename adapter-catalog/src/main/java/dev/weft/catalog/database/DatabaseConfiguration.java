package dev.weft.catalog.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.service.DataFolder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the database that {@link DatabaseSettings} names, after its migration. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(FlywayAutoConfiguration.class)
public class DatabaseConfiguration {
    /**
     * Flyway reads the folders in it, too. A migration never moves: a build over an older one would
     * then have two of the same version.
     */
    private static final String MIGRATIONS = "classpath:dev/weft/catalog/migration";

    private static final Duration STATEMENT = Duration.ofSeconds(20);

    /**
     * This is longer than a statement may take, so that a live server is told to stop it before.
     */
    private static final Duration ANSWER = STATEMENT.plusSeconds(5);

    @Bean
    @ConditionalOnMissingBean
    DatabaseSettings databaseSettings(CatalogSettings settings, DataFolder data) {
        return new DatabaseSettings(settings.database(), data.path());
    }

    @Bean
    DatabaseAddress databaseAddress(DatabaseSettings settings) {
        return settings.url() == null
                ? DatabaseAddress.h2(settings.data())
                : DatabaseAddress.postgres(settings.url());
    }

    /** The pool of connections, which connects at its first use, by Flyway. */
    @Bean
    HikariDataSource dataSource(DatabaseSettings settings, DatabaseAddress address) {
        copy(settings).ifPresent(MigrationCopy::restore);
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("catalog");
        pool.setJdbcUrl(address.jdbcUrl());
        pool.setUsername(address.user());
        pool.setPassword(address.password());
        address.driver().forEach(pool::addDataSourceProperty);
        pool.setMinimumIdle(1);
        pool.setMaximumPoolSize(8);
        pool.setConnectionTimeout(Duration.ofSeconds(15).toMillis());
        pool.setValidationTimeout(Duration.ofSeconds(3).toMillis());
        return pool;
    }

    @Bean
    FlywayConfigurationCustomizer migrations(DatabaseAddress address) {
        return flyway -> flyway.locations(MIGRATIONS).placeholders(address.placeholders());
    }

    @Bean
    FlywayMigrationStrategy migration(DatabaseSettings settings, DatabaseAddress address) {
        Optional<MigrationCopy> copy = copy(settings);
        return flyway -> {
            try {
                if (copy.isPresent() && flyway.info().pending().length > 0) {
                    migrate(flyway, copy.get());
                } else {
                    flyway.migrate();
                }
            } catch (RuntimeException | SQLException e) {
                throw new DatabaseException(
                        "the catalog's database "
                                + address
                                + " can't be brought up to date: "
                                + e.getMessage(),
                        e);
            }
        };
    }

    private static void migrate(Flyway flyway, MigrationCopy copy) throws SQLException {
        try (Connection open = flyway.getConfiguration().getDataSource().getConnection()) {
            copy.take(open, flyway.info().current() == null);
        }
        flyway.migrate();
        copy.drop();
    }

    /** Empty for PostgreSQL. */
    private static Optional<MigrationCopy> copy(DatabaseSettings settings) {
        return settings.url() == null
                ? Optional.of(new MigrationCopy(settings.data()))
                : Optional.empty();
    }

    /**
     * The client. Boot creates a bean of this type after Flyway has run, and so everything that
     * reads the tables.
     */
    @Bean
    JdbcClient jdbcClient(DataSource pool) {
        JdbcTemplate template = new JdbcTemplate(pool);
        template.setQueryTimeout((int) STATEMENT.toSeconds());
        return JdbcClient.create(template);
    }

    @Bean
    TransactionTemplate transactions(DataSource pool) {
        return new TransactionTemplate(new BoundedTransactionManager(pool, ANSWER));
    }

    @Bean(destroyMethod = "close")
    Database database(
            JdbcClient jdbc, TransactionTemplate transactions, HikariDataSource dataSource) {
        return new Database(jdbc, transactions, dataSource::close);
    }

    @Bean
    HealthIndicator databaseHealthIndicator(Database database) {
        return () -> {
            database.ping();
            return Health.up().build();
        };
    }
}
