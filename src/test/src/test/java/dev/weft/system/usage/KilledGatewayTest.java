package dev.weft.system.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Commands;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills a gateway while its catalog hangs: what it counted outlives it, and counts once. */
@Alone
@Timeout(600)
class KilledGatewayTest {
    private static final Path FILE = Sample.deploymentFile();

    @TempDir private Path folder;
    private URI catalog = URI.create("http://127.0.0.1");
    private long requests;
    private long tokens;
    private long cached;

    @Test
    void usageOutlivesTheGatewayAndThePauseOfTheCatalog() throws Exception {
        try (Launched books = Launched.run("catalog", FILE, folder.resolve("catalog"), Map.of())) {
            catalog = books.awaitReady();
            try (Launched worker = launch("worker")) {
                String workers = "weft.gateway.workers=" + worker.awaitReady();
                try (Launched first = launch("gateway", workers)) {
                    URI gateway = first.awaitReady();
                    Http.await("sql is served", () -> used(gateway, "sql"));
                    Http.await("the catalog has booked it", () -> booked(requests, tokens));
                    books.signal("-STOP");
                    for (int i = 0; i < 5; i++) {
                        assertThat(used(gateway, "sql")).isTrue();
                        assertThat(used(gateway, Sample.BASE)).isTrue();
                    }
                    Path journal = folder.resolve("gateway/data/gateway/usage.jsonl");
                    Http.await("the journal has them", () -> requestsIn(journal) >= 10);
                    first.kill();
                    books.signal("-CONT");
                }
                try (Launched second = launch("gateway", workers)) {
                    URI gateway = second.awaitReady();
                    Http.await("what the first one left is booked", () -> booked(requests, tokens));
                    Http.await("the second serves", () -> used(gateway, "sql"));
                    Http.await("it counts on", () -> booked(requests, tokens));
                }
            }
            Program.Finished table = Commands.to(catalog).run("usage", "--by", "adapter");
            assertThat(table.exit()).isZero();
            assertThat(table.output()).contains("sql").contains(Sample.BASE);
        }
    }

    /** Sends a chat and remembers what its client was told; false if it was not answered. */
    private boolean used(URI gateway, String model) throws Exception {
        HttpResponse<String> answer = Http.chat(gateway, null, model);
        if (answer.statusCode() != 200) {
            return false;
        }
        requests++;
        JsonNode usage = Http.json(answer).path("usage");
        tokens += usage.path("total_tokens").asLong();
        cached += usage.path("prompt_tokens_details").path("cached_tokens").asLong();
        return true;
    }

    /** Requests that the journal holds. */
    private static long requestsIn(Path journal) throws IOException {
        long found = 0;
        List<String> lines = Files.exists(journal) ? Files.readAllLines(journal) : List.of();
        for (String line : lines) {
            for (JsonNode each : Http.JSON.readTree(line).path("lines")) {
                found += each.path("counts").path("requests").asLong();
            }
        }
        return found;
    }

    private boolean booked(long expectedRequests, long expectedTokens) throws Exception {
        JsonNode items =
                Http.json(Http.get(catalog.resolve("/admin/v1/usage?group=adapter"))).path("items");
        long foundRequests = 0;
        long foundTokens = 0;
        long foundCached = 0;
        for (JsonNode item : items) {
            foundRequests += item.path("requests").asLong() - item.path("errors").asLong();
            foundTokens +=
                    item.path("promptTokens").asLong() + item.path("completionTokens").asLong();
            foundCached += item.path("cachedTokens").asLong();
        }
        assertThat(foundRequests).isLessThanOrEqualTo(expectedRequests);
        return foundRequests == expectedRequests
                && foundTokens == expectedTokens
                && foundCached == cached;
    }

    private Launched launch(String service, String... settings) throws IOException {
        String[] all = new String[settings.length + 1];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "weft.catalog.url=" + catalog;
        return Launched.run(service, FILE, folder.resolve(service), Map.of(), all);
    }
}
