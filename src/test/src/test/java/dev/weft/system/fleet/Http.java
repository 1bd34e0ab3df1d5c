package dev.weft.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plain HTTP for requests that the official clients have no call for. */
public final class Http {
    public static final JsonMapper JSON = JsonMapper.shared();

    /**
     * No test waits so long on a machine of its own; one that others fill is several times slower.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    public static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address));
    }

    public static HttpResponse<String> post(URI address, String json)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** The text of a chat's answer, which has to be a good one. */
    public static String content(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("choices").path(0).path("message").path("content").asString("");
    }

    /** Sends a chat of two tokens with a key, or without one if it is null. */
    public static HttpResponse<String> chat(URI gateway, @Nullable String key, String model)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                                        {"model":"%s","max_tokens":2,"messages":[
                                        {"role":"user","content":"all orders"}]}\
                                        """
                                                .formatted(model)));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return send(request);
    }

    public static HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return CLIENT.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    /** The workers in a state, by a gateway's metrics. */
    public static double workers(URI gateway, String state)
            throws IOException, InterruptedException {
        return get(gateway.resolve("/actuator/prometheus"))
                .body()
                .lines()
                .filter(line -> line.startsWith("weft_gateway_workers{state=\"" + state + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElse(0);
    }

    public static void awaitReady(URI service) throws Exception {
        await(
                service + " is ready",
                () -> get(service.resolve("/actuator/health/readiness")).statusCode() == 200);
    }

    /** Waits up to two minutes: the machine may be busy with other tests. */
    public static void await(String what, Callable<Boolean> condition) throws Exception {
        await(() -> what, condition);
    }

    /** Waits as long; the text is asked for only when the time is over. */
    public static void await(Supplier<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within " + PATIENCE.toSeconds() + " s: " + what.get());
            }
            Thread.sleep(20);
        }
    }
}
