package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests how one tenant affects another, through gateway and worker with keys. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantsApartTest {
    private static final String PROMPT =
            "Show the names of all customers in Paris whose orders are unpaid, the newest first";

    private final HttpClient http = HttpClient.newHttpClient();
    private Launched weft;
    private URI gateway;
    private String ana;
    private String ben;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        weft =
                Launched.serveOptimised(
                        Sample.deploymentFile(),
                        folder,
                        Map.of(),
                        "weft.access.keys=true",
                        "weft.inference.max-queue=1000");
        gateway = weft.awaitReady();
        Admin admin = new Admin(weft.catalog());
        String root = admin.createToken(null, "root", "admin", null);
        ana = admin.createToken(root, "ana", "client", "team-a");
        ben = admin.createToken(root, "ben", "client", "team-b");
    }

    @AfterAll
    void stop() {
        http.shutdownNow();
        weft.close();
    }

    @Test
    void cachedTokensTellNoTenantWhatAnotherHasSent() throws Exception {
        assertThat(cached(ana, PROMPT)).isZero();
        int own = cached(ana, PROMPT);
        assertThat(own).isPositive();
        assertThat(cached(ben, PROMPT)).isZero();
        assertThat(cached(ben, PROMPT)).isEqualTo(own);
    }

    @Test
    void threeRequestsForManyLongAnswersKeepNobodyElseWaiting() throws Exception {
        String many =
                "{\"model\":\"weft-tiny\",\"prompt\":\"all orders\",\"n\":128,"
                        + "\"max_tokens\":150,\"ignore_eos\":true}";
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            flood.add(
                    http.sendAsync(
                            request(ana, many).build(), HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(cached(ben, "all invoices")).isNotNegative();
        }
        // an answer of each is far off: 19,200 tokens
        assertThat(flood).as("the flood is still there").noneMatch(CompletableFuture::isDone);
        flood.forEach(one -> one.cancel(true));
    }

    /** Asks for one token; returns the number of prompt tokens found in the cache. */
    private int cached(String key, String prompt) throws Exception {
        JsonNode answer =
                Http.json(
                        Http.send(
                                request(
                                        key,
                                        "{\"model\":\"weft-tiny\",\"max_tokens\":1,\"prompt\":\""
                                                + prompt
                                                + "\"}")));
        return answer.at("/usage/prompt_tokens_details/cached_tokens").asInt(-1);
    }

    private HttpRequest.Builder request(String key, String body) {
        return HttpRequest.newBuilder(gateway.resolve("/v1/completions"))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }
}
