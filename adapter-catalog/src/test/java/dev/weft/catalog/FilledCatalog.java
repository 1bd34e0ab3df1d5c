package dev.weft.catalog;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.database.PostgresDatabases;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.service.ServiceStart;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A catalog whose database holds adapters, each with one ready version, as if they had been
 * ingested. Their artifacts don't exist. Another process fills the database, so that nothing in
 * this one is warm.
 */
public final class FilledCatalog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** The kinds of databases. */
    public enum Kind {
        H2,
        POSTGRESQL
    }

    private final @Nullable EmbeddedPostgres postgres;
    private final ServiceStart options;

    private FilledCatalog(@Nullable EmbeddedPostgres postgres, ServiceStart options) {
        this.postgres = postgres;
        this.options = options;
    }

    /**
     * Fills a database.
     *
     * @param folder empty
     */
    static FilledCatalog fill(Path folder, Kind kind, int adapters)
            throws IOException, InterruptedException {
        EmbeddedPostgres postgres = kind == Kind.H2 ? null : PostgresDatabases.builder().start();
        String url =
                postgres == null
                        ? null
                        : "r2dbc:postgresql://postgres:postgres@localhost:"
                                + postgres.getPort()
                                + "/postgres";
        ServiceStart options = RunningCatalog.options(folder, Duration.ofSeconds(60), url, 0);
        Path data = folder.resolve("data");
        Files.createDirectories(data);
        Process filling =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                FilledCatalog.class.getName(),
                                kind.name(),
                                data.toString(),
                                String.valueOf(adapters),
                                url == null ? "" : url)
                        .inheritIO()
                        .start();
        if (!filling.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || filling.exitValue() != 0) {
            filling.destroyForcibly();
            throw new IllegalStateException("the database was not filled");
        }
        return new FilledCatalog(postgres, options);
    }

    /**
     * Fills a database. The arguments are its kind, the catalog's data folder, the number of
     * adapters, and the address or nothing.
     */
    public static void main(String[] arguments) {
        Kind kind = Kind.valueOf(arguments[0]);
        String url = arguments[3].isEmpty() ? null : arguments[3];
        try (Database database = Databases.open(url, Path.of(arguments[1]))) {
            database.transaction(tx -> fill(tx, kind, Integer.parseInt(arguments[2])));
            int names = new ChangeLog(database).names().entries().size();
            System.out.println(names + " names");
        }
    }

    /** The name of an adapter, from 1. */
    static String name(int adapter) {
        return "team/adapter-" + adapter;
    }

    /** Starts a catalog on it and waits until it says that it is ready. */
    RunningCatalog start() throws Exception {
        RunningCatalog catalog = RunningCatalog.start(options);
        catalog.ready();
        return catalog;
    }

    private static int fill(JdbcClient tx, Kind kind, int adapters) {
        String numbers =
                switch (kind) {
                    case H2 -> "(SELECT x AS n FROM SYSTEM_RANGE(1, %d))".formatted(adapters);
                    case POSTGRESQL ->
                            "(SELECT n FROM generate_series(1, %d) AS n)".formatted(adapters);
                };
        String hash =
                switch (kind) {
                    case H2 -> "LOWER(RAWTOHEX(HASH('SHA-256', 'adapter-' || n)))";
                    case POSTGRESQL -> "encode(sha256(convert_to('adapter-' || n, 'UTF8')), 'hex')";
                };
        tx.sql(
                        """
                        INSERT INTO adapters
                            (id, tenant, name, live_name, current_version, newest_settled,
                            created_at)
                        SELECT n, 'default', 'team/adapter-' || n, 'team/adapter-' || n, n, n,
                            CURRENT_TIMESTAMP
                        FROM %s AS numbers
                        """
                                .formatted(numbers))
                .update();
        return tx.sql(
                        """
                        INSERT INTO versions
                            (id, adapter_id, number, state, source, repo, revision,
                            resolved_revision, digest, lora_rank, lora_alpha, rs_lora, modules,
                            dtype, parameters, warnings, effect, created_at, updated_at, ready_at)
                        SELECT n, n, 1, 'Ready', 'HF', 'team/adapter-' || n, 'main',
                            SUBSTRING(%1$s, 1, 40), 'sha256:' || %1$s, 16, 32, FALSE,
                            'Q,K,V,O,GATE,UP,DOWN', 'BF16', 4884480, :warnings, :effect,
                            CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
                        FROM %2$s AS numbers
                        """
                                .formatted(hash, numbers))
                .param(
                        "warnings",
                        "[{\"code\":\"OTHER_BASE\",\"file\":\"adapter_config.json\",\"found\":\"x\",\"allowed\":\"y\",\"message\":\"another"
                            + " base\"}]")
                .param("effect", "{\"Q\":1.25,\"K\":0.75,\"V\":1.5,\"O\":0.5}")
                .update();
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
