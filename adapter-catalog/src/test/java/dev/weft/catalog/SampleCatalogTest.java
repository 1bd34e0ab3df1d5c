package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Registers the bundled sample as the deployment file declares it, and fetches it as a worker does.
 */
class SampleCatalogTest {
    private static final Path SAMPLE =
            Path.of("..", "samples", "weft-tiny").toAbsolutePath().normalize();

    @TempDir private Path folder;

    @Test
    void theSamplesAdaptersAreTakenInAndAWorkerGetsThemWithTheSameDigest() throws Exception {
        RepositoryAccess files = RunningCatalog.repositories();
        Path base = SAMPLE.resolve("base");
        RepositoryAccess withSampleBase =
                (ref, wanted, target, progress) ->
                        wanted.equals(FileSelection.CONFIG)
                                ? new Fetched(base, "", List.of("config.json"))
                                : files.fetch(ref, wanted, target, progress);
        Files.createDirectories(folder.resolve("declared"));
        Files.createSymbolicLink(folder.resolve("adapters"), SAMPLE.resolve("adapters"));
        Map<String, Integer> ranks = Map.of("sql", 8, "json", 4, "french", 16);
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, withSampleBase, Duration.ofSeconds(60))) {
            for (var adapter : ranks.entrySet()) {
                JsonNode version = catalog.ingest(adapter.getKey(), Path.of(adapter.getKey()));
                assertThat(version.path("state").asString()).as("%s", version).isEqualTo("Ready");
                assertThat(version.path("rank").asInt()).isEqualTo(adapter.getValue());
                for (JsonNode module : version.path("modules")) {
                    assertThat(version.path("effect").path(module.asString()).asDouble())
                            .isPositive();
                }
                assertThat(version.path("effect").size()).isEqualTo(version.path("modules").size());
                arraysAreThere(catalog, version.path("digest").asString());
                Path fetched = fetch(catalog, version.path("digest").asString());
                assertThat(digest(fetched, base)).hasToString(version.path("digest").asString());
            }
        }
    }

    private static void arraysAreThere(RunningCatalog catalog, String digest) throws Exception {
        JsonNode arrays = catalog.json("/artifacts/v1/" + digest).path("arrays");
        assertThat(arrays)
                .extracting(file -> file.path("name").asString())
                .containsExactly("model.lora_config.npy", "model.lora_weights.npy");
        for (JsonNode file : arrays) {
            var answer =
                    catalog.client()
                            .send(
                                    catalog.to(
                                                    "/artifacts/v1/"
                                                            + digest
                                                            + "/files/"
                                                            + file.path("name").asString())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).hasSize(file.path("size").asInt()).startsWith(0x93, 'N');
        }
    }

    private Path fetch(RunningCatalog catalog, String digest) throws Exception {
        Path target = Files.createTempDirectory(folder, "worker");
        for (JsonNode file : catalog.json("/artifacts/v1/" + digest).path("files")) {
            String name = file.path("name").asString();
            HttpResponse<Path> answer =
                    catalog.client()
                            .send(
                                    catalog.to("/artifacts/v1/" + digest + "/files/" + name)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofFile(target.resolve(name)));
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        return target;
    }

    private static AdapterDigest digest(Path adapter, Path base) throws Exception {
        ModelConfig config = ModelConfig.read(base.resolve("config.json"));
        return switch (LoraFolder.check(adapter, config.shape(), 16)) {
            case LoraCheck.Accepted(LoraAdapter accepted, _) -> {
                try (accepted) {
                    yield accepted.digest();
                }
            }
            case LoraCheck.Refused(var reasons) -> throw new AssertionError(reasons.toString());
        };
    }
}
