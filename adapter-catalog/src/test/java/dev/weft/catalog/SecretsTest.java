package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.Repositories;
import dev.weft.source.SourceOptions;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.HttpLimits;
import dev.weft.source.object.GcsFake;
import dev.weft.source.object.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/**
 * Tests an adapter behind a secret. It is ingested with the secret and rejected without it, and the
 * secret appears nowhere.
 */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class SecretsTest {
    @TempDir Path folder;
    @AutoClose private GcsFake server;

    @BeforeEach
    void fill() throws IOException {
        server = new GcsFake();
        Path adapter = TestAdapter.write(folder.resolve("adapter"), 4, 1);
        ObjectStore store =
                settings(server.credentials())
                        .objectStores(Clock.systemUTC())
                        .open(
                                ObjectAddress.parse(RepositorySource.GCS, "gs://models/team/sql")
                                        .orElseThrow());
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            store.write(name, adapter.resolve(name));
        }
    }

    @Test
    void anAdapterIsTakenInWithTheSecretThatTheOperatorBoundToItsBucket(CapturedOutput output)
            throws Exception {
        try (RunningCatalog catalog = start(server.credentials())) {
            long id = catalog.register("sql", "GCS", "gs://models/team/sql").path("id").asLong();
            JsonNode version = catalog.settled(id);

            assertThat(version.path("state").asString()).as("%s", version).isEqualTo("Ready");
            assertThat(version.path("resolvedRevision").asString()).startsWith("sha256:");
            assertNowhere(catalog, output);
        }
    }

    @Test
    void oneWithTheWrongSecretIsRefusedWithoutSayingIt(CapturedOutput output) throws Exception {
        try (RunningCatalog catalog = start(server.wrongCredentials())) {
            long id = catalog.register("sql", "GCS", "gs://models/team/sql").path("id").asLong();
            JsonNode version = catalog.settled(id);

            assertThat(version.path("reasons").path(0).path("code").asString())
                    .as("%s", version)
                    .isEqualTo("SOURCE_UNAUTHORIZED");
            assertNowhere(catalog, output);
        }
    }

    private RunningCatalog start(Credentials credentials) throws IOException {
        return RunningCatalog.start(
                folder,
                new Repositories(settings(credentials), Clock.systemUTC())::fetch,
                Duration.ofSeconds(60));
    }

    private void assertNowhere(RunningCatalog catalog, CapturedOutput output) throws Exception {
        for (String path : List.of("/admin/v1/adapters", "/admin/v1/adapters/sql")) {
            assertThat(catalog.get(path).body()).contains("sql").doesNotContain(server.secret());
        }
        assertThat(output.getAll()).contains("team/sql").doesNotContain(server.secret());
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain(server.secret());
            }
        }
    }

    private SourceOptions settings(Credentials credentials) {
        return new SourceOptions(
                URI.create("https://hub.invalid"),
                AddressRules.NONE,
                credentials,
                server.endpoints(),
                new HttpLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), 1),
                new AttemptLimits(Duration.ofMinutes(1), 3, Duration.ofMillis(1)));
    }
}
