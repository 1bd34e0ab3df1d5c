package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.database.PostgresDatabases;
import dev.weft.catalog.fetch.RepositoryAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests two catalogs on one real PostgreSQL. */
class TwoCatalogsTest {
    @AutoClose private static EmbeddedPostgres postgres;

    @TempDir private Path folder;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = PostgresDatabases.builder().start();
    }

    @Test
    void noVersionIsFetchedTwiceWhereverItWasRegistered() throws Exception {
        String database = database("shared");
        Map<String, Integer> fetched = new ConcurrentHashMap<>();
        RepositoryAccess real = RunningCatalog.repositories();
        RepositoryAccess counting =
                (ref, selection, into, context) -> {
                    if (ref.repo().contains("adapters")) {
                        fetched.merge(ref.repo(), 1, Integer::sum);
                    }
                    return real.fetch(ref, selection, into, context);
                };
        Path one = prepared("one");
        Path two = prepared("two");
        try (RunningCatalog first = RunningCatalog.startOn(one, database, counting);
                RunningCatalog second = RunningCatalog.startOn(two, database, counting)) {
            List<Long> versions = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Path repo = TestAdapter.write(folder.resolve("one/adapters/a" + i), 4, i);
                RunningCatalog at = i % 2 == 0 ? first : second;
                versions.add(at.register("a" + i, repo).path("id").asLong());
            }
            for (long version : versions) {
                assertThat(first.settled(version).path("state").asString()).isEqualTo("Ready");
            }
        }
        assertThat(fetched).hasSize(40);
        assertThat(fetched.values()).containsOnly(1);
    }

    @Test
    void whatADeadCatalogHadClaimedIsTakenOverByTheOther() throws Exception {
        String database = database("dead");
        Path one = prepared("one");
        Path two = prepared("two");
        CatalogProcess process = CatalogProcess.start(one, database);
        List<Long> versions = new ArrayList<>();
        try (RunningCatalog client = RunningCatalog.at(process.address())) {
            for (int i = 0; i < 30; i++) {
                Path repo = TestAdapter.write(folder.resolve("one/adapters/a" + i), 4, i);
                versions.add(client.register("a" + i, repo).path("id").asLong());
            }
        } finally {
            process.kill();
        }
        try (RunningCatalog other =
                RunningCatalog.startOn(two, database, RunningCatalog.repositories())) {
            for (long version : versions) {
                assertThat(other.settled(version).path("state").asString()).isEqualTo("Ready");
            }
        }
    }

    private static String database(String name) throws Exception {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return "r2dbc:postgresql://postgres:postgres@localhost:" + postgres.getPort() + "/" + name;
    }

    /** Prepares a folder; both catalogs may read the adapters of one of them. */
    private Path prepared(String name) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(folder.resolve("one/adapters"));
        if (!name.equals("one")) {
            Files.createSymbolicLink(own.resolve("adapters"), folder.resolve("one/adapters"));
        }
        return own;
    }
}
