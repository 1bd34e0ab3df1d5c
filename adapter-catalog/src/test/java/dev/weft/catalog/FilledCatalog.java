package dev.weft.catalog;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.database.Transaction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A running catalog whose database holds adapters, each with one version that is ready, as if they
 * had been taken in. Their artifacts are not there.
 */
public final class FilledCatalog implements AutoCloseable {
    /** Where the catalog's database is. */
    public enum Kind {
        H2,
        POSTGRESQL
    }

    private final @Nullable EmbeddedPostgres postgres;
    private final RunningCatalog catalog;

    private FilledCatalog(@Nullable EmbeddedPostgres postgres, RunningCatalog catalog) {
        this.postgres = postgres;
        this.catalog = catalog;
    }

    /**
     * Fills a database and starts a catalog on it.
     *
     * @param folder empty
     */
    static FilledCatalog start(Path folder, Kind kind, int adapters) throws IOException {
        EmbeddedPostgres postgres = kind == Kind.H2 ? null : EmbeddedPostgres.start();
        String url =
                postgres == null
                        ? null
                        : "r2dbc:postgresql://postgres:postgres@localhost:"
                                + postgres.getPort()
                                + "/postgres";
        CatalogOptions options = RunningCatalog.options(folder, Duration.ofSeconds(60), url, 0);
        Files.createDirectories(options.data());
        try (Database database = Databases.open(url, options.data())) {
            database.transaction(tx -> fill(tx, kind, adapters));
        }
        return new FilledCatalog(postgres, RunningCatalog.start(options));
    }

    /** The name of an adapter, from 1. */
    static String name(int adapter) {
        return "team/adapter-" + adapter;
    }

    RunningCatalog catalog() {
        return catalog;
    }

    private static long fill(Transaction tx, Kind kind, int adapters) {
        String numbers =
                switch (kind) {
                    case H2 -> "(SELECT x AS n FROM SYSTEM_RANGE(1, " + adapters + "))";
                    case POSTGRESQL -> "(SELECT n FROM generate_series(1, " + adapters + ") AS n)";
                };
        String hash =
                switch (kind) {
                    case H2 -> "LOWER(RAWTOHEX(HASH('SHA-256', 'adapter-' || n)))";
                    case POSTGRESQL -> "encode(sha256(convert_to('adapter-' || n, 'UTF8')), 'hex')";
                };
        tx.update(
                "INSERT INTO adapters (id, tenant, name, live_name, current_version,"
                        + " newest_settled, created_at) SELECT n, 'default', 'team/adapter-' || n,"
                        + " 'team/adapter-' || n, n, n, CURRENT_TIMESTAMP FROM "
                        + numbers
                        + " AS numbers");
        return tx.update(
                "INSERT INTO versions (id, adapter_id, number, state, source, repo, revision,"
                        + " resolved_revision, digest, lora_rank, lora_alpha, rs_lora, modules,"
                        + " dtype, parameters, warnings, effect, created_at, updated_at, ready_at)"
                        + " SELECT n, n, 1, 'Ready', 'HF', 'team/adapter-' || n, 'main',"
                        + " SUBSTRING("
                        + hash
                        + ", 1, 40), 'sha256:' || "
                        + hash
                        + ", 16, 32, FALSE, 'Q,K,V,O,GATE,UP,DOWN', 'BF16', 4884480,"
                        + " '[{\"code\":\"OTHER_BASE\",\"file\":\"adapter_config.json\","
                        + "\"found\":\"x\",\"allowed\":\"y\",\"message\":\"another base\"}]',"
                        + " '{\"Q\":1.25,\"K\":0.75,\"V\":1.5,\"O\":0.5}', CURRENT_TIMESTAMP,"
                        + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM "
                        + numbers
                        + " AS numbers");
    }

    @Override
    public void close() throws IOException {
        catalog.close();
        if (postgres != null) {
            postgres.close();
        }
    }
}
