package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole catalog on a real PostgreSQL. */
class PostgresCatalogTest {
    @TempDir private Path folder;

    @Test
    void anAdapterIsTakenInAndStillThereAfterARestart() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String url =
                    "r2dbc:postgresql://postgres:postgres@localhost:"
                            + postgres.getPort()
                            + "/postgres";
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                assertThat(catalog.ingest("team/sql", repo).path("state").asString())
                        .isEqualTo("Ready");
            }
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                assertThat(catalog.json("/admin/v1/adapters/team/sql").path("versions")).hasSize(1);
                assertThat(catalog.json("/actuator/health/readiness").path("status").asString())
                        .isEqualTo("UP");
            }
            assertThat(Files.exists(folder.resolve("data/catalog.mv.db"))).isFalse();
        }
    }
}
