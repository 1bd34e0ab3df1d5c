package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.database.PostgresDatabases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the whole catalog on a real PostgreSQL. */
class PostgresCatalogTest {
    @TempDir private Path folder;

    @Test
    void anAdapterIsTakenInAndStillThereAfterARestart() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (EmbeddedPostgres postgres = PostgresDatabases.builder().start()) {
            String url =
                    "r2dbc:postgresql://postgres:postgres@localhost:"
                            + postgres.getPort()
                            + "/postgres";
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                assertThat(catalog.ingest("team/sql", repo).path("state").asString())
                        .isEqualTo("Ready");
                for (String taken : List.of("team/sql", "default/team/sql")) {
                    String base =
                            "{\"name\":\"%s\",\"source\":\"HF\",\"repo\":\"acme/base\"}"
                                    .formatted(taken);
                    assertThat(catalog.post("/admin/v1/bases", base).statusCode()).isEqualTo(409);
                }
            }
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                assertThat(catalog.json("/admin/v1/adapters/team/sql").path("versions")).hasSize(1);
                assertThat(catalog.ready().path("status").asString()).isEqualTo("UP");
            }
            assertThat(Files.exists(folder.resolve("data/catalog.mv.db"))).isFalse();
        }
    }

    @Test
    void tokensAreKeptAndAskedForAfterARestart() throws Exception {
        try (EmbeddedPostgres postgres = PostgresDatabases.builder().start()) {
            String url =
                    "r2dbc:postgresql://postgres:postgres@localhost:"
                            + postgres.getPort()
                            + "/postgres";
            String token;
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                String made =
                        catalog.post("/admin/v1/tokens", "{\"name\":\"root\",\"role\":\"admin\"}")
                                .body();
                token = RunningCatalog.JSON.readTree(made).path("secret").asString();
                assertThat(catalog.get("/admin/v1/adapters").statusCode()).isEqualTo(401);
            }
            try (RunningCatalog catalog = RunningCatalog.startOn(folder, url)) {
                assertThat(catalog.get("/admin/v1/adapters").statusCode()).isEqualTo(401);
                HttpRequest request =
                        catalog.to("/admin/v1/tokens")
                                .header("Authorization", "Bearer " + token)
                                .build();
                HttpResponse<String> tokens =
                        catalog.client().send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(tokens.statusCode()).isEqualTo(200);
                assertThat(tokens.body()).contains("root").doesNotContain(token);
            }
        }
    }
}
