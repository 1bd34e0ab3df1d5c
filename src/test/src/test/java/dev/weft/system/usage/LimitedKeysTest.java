package dev.weft.system.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Keys with limits through catalog, worker, two gateways and OpenAI's client, as processes. */
@Alone
@Timeout(600)
class LimitedKeysTest {
    private static final Path FILE = Sample.deploymentFile();

    /**
     * A change is known everywhere after this, which is less than gateways that hear of nothing
     * need to ask. The best of several counts: others may fill the machine.
     */
    private static final Duration KNOWN = Duration.ofSeconds(1);

    private static final int CHANGES = 5;

    @TempDir private Path folder;
    private URI catalog = URI.create("http://127.0.0.1");
    private String root = "";

    @Test
    void bothGatewaysHoldAKeyToItsLimitsAndHearOfChangesAtOnce() throws Exception {
        try (Launched books = Launched.run("catalog", FILE, folder.resolve("catalog"), Map.of())) {
            catalog = books.awaitReady();
            Admin admin = new Admin(catalog);
            root = admin.createToken(null, "root", "admin", null);
            String service = admin.createToken(root, "fleet", "service", null);
            try (Launched worker = launch("worker", "worker", service, "weft.inference.port=0")) {
                String workers = "weft.gateway.workers=" + worker.awaitReady();
                try (Launched one = launch("gateway", "one", service, workers);
                        Launched two = launch("gateway", "two", service, workers)) {
                    URI first = one.awaitReady();
                    URI second = two.awaitReady();
                    holds(first, second);
                }
            }
        }
    }

    private void holds(URI first, URI second) throws Exception {
        JsonNode key =
                create(
                        "{\"name\":\"app\",\"role\":\"client\",\"tenant\":\"default\","
                                + "\"models\":[\"sql\"],\"requestsPerMinute\":1000}");
        String secret = key.path("secret").asString();
        String token = "/admin/v1/tokens/" + key.path("id").asLong();
        Http.await("sql is served", () -> Http.chat(first, secret, "sql").statusCode() == 200);
        Http.await("there too", () -> Http.chat(second, secret, "sql").statusCode() == 200);
        HttpResponse<String> answer = Http.chat(first, secret, "sql");
        assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).hasValue("1000");
        hearOfChanges(token, secret, first, second);

        try (Client client = new Client(first, secret)) {
            assertThatThrownBy(() -> client.ask("json", "x")).isInstanceOf(NotFoundException.class);
            change(token, "{\"requestsPerMinute\":1}");
            Http.await("the first knows", () -> limit(first, secret).equals("1"));
            Http.await("the second knows", () -> limit(second, secret).equals("1"));
            assertThatThrownBy(() -> client.ask("sql", "x"))
                    .isInstanceOfSatisfying(
                            RateLimitException.class,
                            e -> assertThat(e.code()).hasValue("rate_limit_exceeded"));

            change(token, "{\"requestsPerMinute\":null,\"budget\":{\"tokens\":1}}");
            Http.await(
                    "the budget is spent everywhere",
                    () -> isSpent(first, secret) && isSpent(second, secret));
            assertThatThrownBy(() -> client.ask("sql", "x"))
                    .isInstanceOfSatisfying(
                            RateLimitException.class,
                            e -> assertThat(e.code()).hasValue("insufficient_quota"));
        }
        send("DELETE", token, "");
        Http.await("it is revoked", () -> Http.chat(first, secret, "sql").statusCode() == 401);
        Http.await("there too", () -> Http.chat(second, secret, "sql").statusCode() == 401);
        hearOfRevocations(first, second);
    }

    private void hearOfChanges(String token, String key, URI first, URI second) throws Exception {
        Duration usual = timed(() -> limit(first, key) + limit(second, key));
        List<Duration> taken = new ArrayList<>();
        for (int i = 1; i <= CHANGES; i++) {
            String expected = String.valueOf(1000 - i);
            taken.add(
                    timed(() -> {
                        change(token, "{\"requestsPerMinute\":" + expected + "}");
                        Http.await("the first knows", () -> limit(first, key).equals(expected));
                        Http.await("the second knows", () -> limit(second, key).equals(expected));
                        return expected;
                    }));
        }
        assertThat(median(taken)).as("%s", taken).isLessThan(KNOWN.plus(usual));
    }

    private static Duration median(List<Duration> taken) {
        return taken.stream().sorted().toList().get(taken.size() / 2);
    }

    private void hearOfRevocations(URI first, URI second) throws Exception {
        List<Duration> taken = new ArrayList<>();
        Duration usual = Duration.ZERO;
        for (int i = 0; i < CHANGES; i++) {
            JsonNode key =
                    create(
                            "{\"name\":\"gone-%d\",\"role\":\"client\",\"tenant\":\"default\"}"
                                    .formatted(i));
            String secret = key.path("secret").asString();
            Http.await("it is known", () -> Http.chat(first, secret, "sql").statusCode() == 200);
            Http.await("there too", () -> Http.chat(second, secret, "sql").statusCode() == 200);
            usual = timed(() -> limit(first, secret) + limit(second, secret));
            taken.add(
                    timed(() -> {
                        send("DELETE", "/admin/v1/tokens/" + key.path("id").asLong(), "");
                        Http.await(
                                "it is revoked",
                                () -> Http.chat(first, secret, "sql").statusCode() == 401);
                        Http.await(
                                "there too",
                                () -> Http.chat(second, secret, "sql").statusCode() == 401);
                        return secret;
                    }));
        }
        assertThat(median(taken)).as("%s", taken).isLessThan(KNOWN.plus(usual));
    }

    private static Duration timed(Callable<String> work) throws Exception {
        long begun = System.nanoTime();
        String _ = work.call();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static boolean isSpent(URI gateway, String key) throws Exception {
        HttpResponse<String> answer = Http.chat(gateway, key, "sql");
        return answer.statusCode() == 429 && answer.body().contains("insufficient_quota");
    }

    private static String limit(URI gateway, String key) throws Exception {
        return Http.chat(gateway, key, "sql")
                .headers()
                .firstValue("x-ratelimit-limit-requests")
                .orElse("none");
    }

    private JsonNode create(String body) throws Exception {
        HttpResponse<String> made = send("POST", "/admin/v1/tokens", body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Http.json(made);
    }

    private void change(String token, String body) throws Exception {
        HttpResponse<String> changed = send("PATCH", token, body);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(catalog.resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        return Http.send(request.header("Authorization", "Bearer " + root));
    }

    private Launched launch(String service, String name, String token, String setting)
            throws IOException {
        return Launched.run(
                service,
                FILE,
                folder.resolve(name),
                Map.of("WEFT_TOKEN", token),
                setting,
                "weft.catalog.url=" + catalog,
                "weft.access.keys=true");
    }
}
