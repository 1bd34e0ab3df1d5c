package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyReport;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import dev.weft.source.fetch.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Sends every example of /openapi.json to a running catalog and compares the answer with the
 * document: its status is the operation's only one below 300, and its type and shape are as
 * described.
 */
@Timeout(400)
class OpenApiExamplesTest {
    /** The order of operations: an earlier one does what a later one needs. */
    private static final List<String> ORDER =
            List.of(
                    "registerAdapter",
                    "getVersion",
                    "listAdapters",
                    "getAdapter",
                    "shareAdapter",
                    "disableAdapter",
                    "enableAdapter",
                    "setAlias",
                    "getAlias",
                    "listAliases",
                    "rollBackAlias",
                    "startRollout",
                    "listRollouts",
                    "getRollout",
                    "scoreRollout",
                    "pauseRollout",
                    "resumeRollout",
                    "endRollout",
                    "orderAdapter",
                    "listOrders",
                    "listWorkers",
                    "listResidency",
                    "getArtifact",
                    "getArtifactFile",
                    "followFeed",
                    "takeBackOrder",
                    "startShadow",
                    "listShadows",
                    "getShadow",
                    "endShadow",
                    "removeAlias",
                    "removeAdapter",
                    "listAudit",
                    "listUsage",
                    "addBase",
                    "getBase",
                    "listBases",
                    "removeBase",
                    "createToken",
                    "listTokens",
                    "changeToken",
                    "rotateToken",
                    "revokeToken");

    /** What needs a worker. */
    private static final Set<String> OF_WORKERS =
            Set.of("orderAdapter", "listWorkers", "listResidency");

    @TempDir Path folder;

    /** An admin's token, once there is one. */
    private @Nullable String token;

    private String digest = "";

    @Test
    void everyExampleIsAnsweredAsTheDocumentSays() throws Exception {
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, repositories(), Duration.ofSeconds(60))) {
            report(catalog);
            use(catalog);
            OpenApiDocument document = new OpenApiDocument(catalog.json("/openapi.json"));
            List<OpenApiDocument.Operation> operations = new ArrayList<>(document.operations());
            assertThat(operations)
                    .extracting(OpenApiDocument.Operation::id)
                    .containsExactlyInAnyOrderElementsOf(ORDER);
            operations.sort(Comparator.comparingInt(operation -> ORDER.indexOf(operation.id())));
            for (OpenApiDocument.Operation operation : operations) {
                if (OF_WORKERS.contains(operation.id())) {
                    report(catalog); // one that was silent for 15 s is taken for gone
                }
                for (OpenApiDocument.Example example : operation.examples()) {
                    send(catalog, document, operation, example);
                }
            }
        }
    }

    private void send(
            RunningCatalog catalog,
            OpenApiDocument document,
            OpenApiDocument.Operation operation,
            OpenApiDocument.Example example)
            throws Exception {
        HttpResponse<InputStream> answer =
                catalog.client()
                        .send(request(catalog, operation, example), BodyHandlers.ofInputStream());
        String what = operation.id() + " " + example;
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try (InputStream body = answer.body()) {
            boolean endless = type.startsWith("text/event-stream");
            byte[] bytes = endless ? body.readNBytes(3) : body.readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(String.valueOf(answer.statusCode()))
                    .as("%s: %s", what, text)
                    .isEqualTo(operation.success());
            document.check(what, operation, type, text);
            after(catalog, operation, text);
        }
    }

    private HttpRequest request(
            RunningCatalog catalog,
            OpenApiDocument.Operation operation,
            OpenApiDocument.Example example) {
        StringBuilder path = new StringBuilder(operation.path());
        String separator = "?";
        List<String> headers = new ArrayList<>();
        for (OpenApiDocument.Parameter parameter : example.parameters()) {
            String value = parameter.name().equals("digest") ? digest : parameter.value();
            String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
            switch (parameter.place()) {
                case "path" -> {
                    String hole = "{" + parameter.name() + "}";
                    int at = path.indexOf(hole);
                    path.replace(at, at + hole.length(), encoded);
                }
                case "query" -> {
                    path.append(separator).append(parameter.name()).append('=').append(encoded);
                    separator = "&";
                }
                case "header" -> headers.addAll(List.of(parameter.name(), value));
                default -> throw new AssertionError(parameter);
            }
        }
        if (token != null) {
            headers.addAll(List.of("Authorization", "Bearer " + token));
        }
        HttpRequest.Builder request = catalog.to(path.toString());
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        String body = example.body();
        return body == null
                ? request.method(operation.method(), BodyPublishers.noBody()).build()
                : request.header("Content-Type", "application/json")
                        .method(operation.method(), BodyPublishers.ofString(body))
                        .build();
    }

    private void after(RunningCatalog catalog, OpenApiDocument.Operation operation, String text)
            throws Exception {
        if (operation.id().equals("registerAdapter")) {
            JsonNode version =
                    catalog.settled(RunningCatalog.JSON.readTree(text).path("id").asLong());
            assertThat(version.path("state").asString()).as("%s", version).isEqualTo("Ready");
            digest = version.path("digest").asString();
        } else if (operation.id().equals("createToken") && token == null) {
            token = RunningCatalog.JSON.readTree(text).path("secret").asString();
        }
    }

    /** Repositories in which each place other than a local folder holds an adapter. */
    private RepositoryAccess repositories() {
        RepositoryAccess real = RunningCatalog.repositories();
        return (ref, wanted, target, progress) -> {
            if (ref.source() == RepositorySource.FILE) {
                return real.fetch(ref, wanted, target, progress);
            }
            try {
                return bring(ref.repo().hashCode(), target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private Fetched bring(int seed, Path target) throws IOException {
        Path repo = folder.resolve("adapters").resolve("adapter" + seed);
        Files.createDirectories(target);
        TestAdapter.write(repo, 4, seed);
        List<String> names = List.of("adapter_config.json", "adapter_model.safetensors");
        for (String name : names) {
            Files.copy(
                    repo.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return new Fetched(target, "c0ffee", names);
    }

    /** Hands over counts that the example's query finds. */
    private static void use(RunningCatalog catalog) throws Exception {
        byte[] batch =
                UsageCodec.encode(
                        new UsageBatch(
                                "gateway-1",
                                1,
                                List.of(
                                        new UsageBatch.Line(
                                                new UsageSubject(
                                                        LocalDate.parse("2026-11-05"),
                                                        new Payer(3, "anna", "default"),
                                                        new Used(
                                                                "acme/base",
                                                                new Used.Version(
                                                                        AdapterId.of("sql"),
                                                                        1,
                                                                        new AdapterDigest(
                                                                                "0".repeat(64))))),
                                                new UsageCounts(1, 0, 9, 0, 3, 12)))));
        HttpRequest request =
                catalog.to(UsageBatch.PATH)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(batch))
                        .build();
        assertThat(catalog.client().send(request, BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }

    /** Reports a worker that can get orders. */
    private static void report(RunningCatalog catalog) throws Exception {
        byte[] report =
                ResidencyCodec.encode(
                        new ResidencyReport(
                                "w-1",
                                "http://127.0.0.1:8082",
                                "acme/base",
                                4,
                                List.of(),
                                List.of()));
        HttpRequest request =
                catalog.to("/residency/v1/reports")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(report))
                        .build();
        assertThat(catalog.client().send(request, BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }
}
