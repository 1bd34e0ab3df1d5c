package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code weft serve} of a file that lists the deployments of two bases: one gateway, one catalog.
 */
class SeveralBasesTest {
    private static final Pattern WORKER = Pattern.compile("worker +(\\S+) +of (\\S+)");
    private static final Pattern CATALOG = Pattern.compile("catalog +(\\S+)");

    @TempDir Path folder;

    @Test
    void adaptersOfTwoBasesAreServedBehindOneAddress() throws Exception {
        SmallQwen.writeBase(folder.resolve("base"));
        SmallQwen.writeAdapter(folder.resolve("lora1"));
        SmallQwen.writeAdapter(folder.resolve("lora2"));
        Path file = fleet();
        try (Launched weft = Launched.serve(file, folder, Map.of())) {
            URI gateway = weft.awaitReady();
            URI catalog = catalog(weft);
            assertThat(parents(gateway))
                    .isEqualTo(
                            Map.of(
                                    "weft-tiny", "",
                                    "sql", "weft-tiny",
                                    "small", "",
                                    "lora1", "small"));
            new Admin(catalog).register("lora2", folder.resolve("lora2"));
            new Admin(catalog).awaitReady("lora2");
            assertThat(new Admin(catalog).show("lora2").get("base").asString()).isEqualTo("small");
            Http.await(
                    "the gateway knows lora2",
                    () -> Http.get(gateway.resolve("/v1/models/lora2")).statusCode() == 200);

            assertAnswers(gateway);
            assertWorkersKnowTheirBaseOnly(weft, catalog);
            assertUsage(catalog);
            assertThat(weft.end()).isTrue();
        }
        try (Launched again = Launched.serve(file, folder, Map.of())) {
            assertThat(parents(again.awaitReady()))
                    .containsEntry("lora2", "small")
                    .containsEntry("sql", "weft-tiny");
        }
    }

    private Path fleet() throws Exception {
        Files.writeString(
                folder.resolve("tiny.yaml"),
                """
                model_name: weft-tiny
                trt_llm:
                  build:
                    checkpoint_repository: {source: FILE, repo: "%s"}
                    lora_adapters:
                      sql: {source: FILE, repo: "%s"}
                    max_lora_rank: 16
                """
                        .formatted(Sample.base(), Sample.adapter("sql")));
        Files.writeString(
                folder.resolve("small.yaml"),
                """
                model_name: small
                trt_llm:
                  build:
                    checkpoint_repository: {source: FILE, repo: base}
                    lora_adapters:
                      lora1: {source: FILE, repo: lora1}
                    max_lora_rank: 16
                """);
        return Files.writeString(
                folder.resolve("fleet.yaml"), "weft: {deployments: [tiny.yaml, small.yaml]}\n");
    }

    private static Map<String, String> parents(URI gateway) throws Exception {
        Map<String, String> parents = new HashMap<>();
        for (JsonNode model : Http.json(Http.get(gateway.resolve("/v1/models"))).get("data")) {
            parents.put(model.get("id").asString(), model.get("parent").asString(""));
        }
        return parents;
    }

    /** Each model answers alike alone and among all others; the sample's adapter rightly. */
    private static void assertAnswers(URI gateway) throws Exception {
        Sample.Prompt prompt = clear();
        List<String> models = List.of("weft-tiny", "sql", "small", "lora1", "lora2");
        Map<String, String> alone = new HashMap<>();
        try (Client client = new Client(gateway);
                ExecutorService threads = Executors.newFixedThreadPool(10)) {
            for (String model : models) {
                alone.put(model, client.ask(model, prompt.text()));
            }
            assertThat(alone.get("sql")).isEqualTo(prompt.of("sql").answer());
            assertThat(alone.values()).doesNotHaveDuplicates();
            List<Future<String>> mixed = new ArrayList<>();
            for (int i = 0; i < 2 * models.size(); i++) {
                String model = models.get(i % models.size());
                mixed.add(threads.submit(() -> client.stream(model, prompt.text())));
            }
            for (int i = 0; i < mixed.size(); i++) {
                String model = models.get(i % models.size());
                assertThat(mixed.get(i).get()).as(model).isEqualTo(alone.get(model));
            }
        }
    }

    /** A prompt whose answer is no close call. */
    private static Sample.Prompt clear() {
        return Sample.heldOut().counted().stream()
                .filter(prompt -> !prompt.of("sql").close())
                .findFirst()
                .orElseThrow();
    }

    private static void assertWorkersKnowTheirBaseOnly(Launched weft, URI catalog)
            throws Exception {
        Map<String, URI> workers = new HashMap<>();
        Matcher lines = WORKER.matcher(weft.output());
        while (lines.find()) {
            workers.put(lines.group(2), URI.create(lines.group(1)));
        }
        assertThat(workers).containsOnlyKeys("weft-tiny", "small");
        URI small = Objects.requireNonNull(workers.get("small"));
        Map<String, String> own = Map.of("small", "", "lora1", "small", "lora2", "small");
        Http.await("the worker knows its base's alone", () -> parents(small).equals(own));
        assertThat(Http.chat(small, null, "lora1").statusCode()).isEqualTo(200);
        assertThat(Http.chat(small, null, "sql").statusCode()).isEqualTo(404);

        String digest =
                new Admin(catalog).show("sql").get("versions").get(0).get("digest").asString();
        HttpResponse<String> refused =
                Http.send(
                        HttpRequest.newBuilder(small.resolve("/v1/completions"))
                                .header("Content-Type", "application/json")
                                .header("weft-adapter", digest)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"model\":\"sql\",\"prompt\":\"a\"}")));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not an adapter of the base 'small'");
    }

    /** Each adapter is booked under its own base. */
    private static void assertUsage(URI catalog) throws Exception {
        Http.await(
                "usage is booked",
                () -> {
                    Map<String, String> bases = new HashMap<>();
                    for (JsonNode sum :
                            Http.json(Http.get(catalog.resolve("/admin/v1/usage?group=adapter")))
                                    .get("items")) {
                        bases.put(
                                sum.get("adapter").asString("base of " + sum.get("base")),
                                sum.get("base").asString());
                    }
                    return "small".equals(bases.get("lora1"))
                            && "small".equals(bases.get("lora2"))
                            && "weft-tiny".equals(bases.get("sql"));
                });
    }

    private static URI catalog(Launched weft) {
        Matcher line = CATALOG.matcher(weft.output());
        assertThat(line.find()).isTrue();
        return URI.create(line.group(1));
    }
}
