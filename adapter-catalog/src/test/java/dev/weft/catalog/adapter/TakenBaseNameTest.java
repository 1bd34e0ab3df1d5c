package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.service.ServiceStart;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that nothing else has the name of the base. */
class TakenBaseNameTest {
    private static final String TARGETS =
            "{\"targets\":[{\"adapter\":\"sql\",\"version\":1,\"weight\":1}]}";

    @TempDir private Path folder;

    @Test
    void noAdapterAndNoAliasOfAnyTenantTakesTheBasesName() throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            for (String tenant : new String[] {"default", "team-a"}) {
                assertRefused(register(catalog, tenant, "acme/base"), "acme/base");
                assertRefused(alias(catalog, tenant, "acme%2Fbase"), "acme/base");
            }
            // the name that other tenants use for it
            assertRefused(register(catalog, "acme", "base"), "base");
            assertRefused(alias(catalog, "acme", "base"), "base");
            assertThat(register(catalog, "default", "base").statusCode()).isEqualTo(202);
            assertThat(catalog.json("/admin/v1/adapters").path("items")).hasSize(1);
        }
    }

    @Test
    void aBaseThatAFileDeclaresTakesNoNameEither() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (RunningCatalog catalog = RunningCatalog.start(without())) {
            catalog.ingest("acme/base", repo);
            catalog.ingest("sql", repo);
        }
        assertDoesNotStart("are for adapter 'acme/base' of tenant 'default'");
        try (RunningCatalog catalog = RunningCatalog.start(without())) {
            assertThat(catalog.json("/admin/v1/bases"))
                    .extracting(base -> base.path("name").asString())
                    .containsExactly("another");
            assertThat(catalog.delete("/admin/v1/adapters/acme/base").statusCode()).isEqualTo(204);
            assertThat(alias(catalog, "default", "acme%2Fbase").statusCode()).isEqualTo(200);
        }
        assertDoesNotStart("are for alias 'acme/base' of tenant 'default'");
    }

    private void assertDoesNotStart(String reason) throws Exception {
        ServiceStart with = with();
        assertThatThrownBy(() -> RunningCatalog.start(with))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no base can be called 'acme/base'")
                .hasMessageContaining(reason)
                .hasMessageContaining("change the base's served_model_name");
    }

    private ServiceStart with() throws Exception {
        return RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
    }

    private ServiceStart without() throws Exception {
        return RunningCatalog.options(
                folder, Duration.ofSeconds(60), null, 0, "model_name=another");
    }

    /** Earlier versions let a base take it. */
    @Test
    void oneThatWasCalledThatBeforeIsListedWithAHint() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (RunningCatalog catalog = RunningCatalog.start(without())) {
            catalog.ingest("acme/base", repo);
            catalog.ingest("sql", repo);
        }
        try (Database database = Databases.open(null, folder.resolve("data"))) {
            database.transaction(tx -> tx.sql("UPDATE bases SET name = 'acme/base'").update());
        }
        try (RunningCatalog catalog = RunningCatalog.start(with())) {
            var items = catalog.json("/admin/v1/adapters").path("items");
            assertThat(items.path(0).path("hint").asString())
                    .contains("'acme/base'", "register it under another name");
            assertThat(items.path(1).path("hint").isNull()).isTrue();
            assertThat(catalog.delete("/admin/v1/adapters/acme/base").statusCode()).isEqualTo(204);
        }
    }

    private static void assertRefused(HttpResponse<String> answer, String name) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        var fault = RunningCatalog.JSON.readTree(answer.body()).path("errors").path(0);
        assertThat(fault.path("field").asString()).isEqualTo("name");
        assertThat(fault.path("value").asString()).isEqualTo(name);
        assertThat(fault.path("allowed").asString()).contains("'acme/base'");
    }

    private static HttpResponse<String> register(RunningCatalog catalog, String tenant, String name)
            throws Exception {
        return send(
                catalog,
                catalog.to("/admin/v1/adapters?tenant=" + tenant)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"%s\",\"source\":\"HF\",\"repo\":\"o/n\"}"
                                                .formatted(name))));
    }

    private static HttpResponse<String> alias(RunningCatalog catalog, String tenant, String name)
            throws Exception {
        return send(
                catalog,
                catalog.to("/admin/v1/aliases/" + name + "?tenant=" + tenant)
                        .header("If-None-Match", "*")
                        .PUT(HttpRequest.BodyPublishers.ofString(TARGETS)));
    }

    private static HttpResponse<String> send(RunningCatalog catalog, HttpRequest.Builder request)
            throws Exception {
        return catalog.client()
                .send(
                        request.header("Content-Type", "application/json").build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
