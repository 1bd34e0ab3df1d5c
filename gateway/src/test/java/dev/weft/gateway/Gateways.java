package dev.weft.gateway;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.tracing.TracingSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts gateways for tests and talks to them. */
final class Gateways {
    static final String BASE = "weft-tiny";
    static final Instant STARTED = Instant.parse("2026-11-24T10:00:00Z");
    static final Duration DRAIN = Duration.ofMillis(300);
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Gateways() {}

    static GatewayService start(URI catalog, Duration silence, URI... workers) {
        return start(catalog, silence, Clock.fixed(STARTED, ZoneOffset.UTC), workers);
    }

    static GatewayService start(URI catalog, Duration silence, Clock clock, URI... workers) {
        return GatewayService.start(
                new GatewayOptions(
                        new WeftSettings.Gateway(
                                0, null, List.of(), silence, DataSize.ofBytes(100_000), DRAIN),
                        "127.0.0.1",
                        BASE,
                        List.of(workers),
                        catalog,
                        clock));
    }

    /** Starts a gateway that gives requests under way that time to finish. */
    static GatewayService startDraining(URI catalog, Duration drain, URI... workers) {
        return GatewayService.start(
                new GatewayOptions(
                        new WeftSettings.Gateway(
                                0,
                                null,
                                List.of(),
                                Duration.ofSeconds(5),
                                DataSize.ofBytes(100_000),
                                drain),
                        "127.0.0.1",
                        BASE,
                        List.of(workers),
                        catalog,
                        Clock.fixed(STARTED, ZoneOffset.UTC)));
    }

    /** Starts a gateway that sends its traces to a collector. */
    static GatewayService start(URI catalog, TracingSettings tracing, URI... workers) {
        return GatewayService.start(
                new GatewayOptions(
                        new WeftSettings.Gateway(
                                0,
                                null,
                                List.of(),
                                Duration.ofSeconds(10),
                                DataSize.ofBytes(100_000),
                                DRAIN),
                        "127.0.0.1",
                        BASE,
                        List.of(workers),
                        catalog,
                        null,
                        false,
                        Management.SAME_PORT,
                        ServiceTls.OFF,
                        WeftSettings.Metrics.DEFAULT,
                        Clock.systemUTC(),
                        tracing,
                        new WeftSettings.Log(WeftSettings.LogFormat.TEXT, true)));
    }

    /** Starts a gateway that measures no answers. */
    static GatewayService startUnmeasured(URI catalog, URI... workers) {
        return GatewayService.start(
                new GatewayOptions(
                        new WeftSettings.Gateway(
                                0,
                                null,
                                List.of(),
                                Duration.ofSeconds(5),
                                DataSize.ofBytes(100_000),
                                DRAIN),
                        "127.0.0.1",
                        BASE,
                        List.of(workers),
                        catalog,
                        null,
                        false,
                        Management.SAME_PORT,
                        ServiceTls.OFF,
                        new WeftSettings.Metrics(false, 200),
                        Clock.fixed(STARTED, ZoneOffset.UTC),
                        TracingSettings.OFF,
                        WeftSettings.Log.DEFAULT));
    }

    /** Starts a gateway that serves only requests with a token. */
    static GatewayService startWithKeys(URI catalog, Clock clock, URI... workers) {
        return startWithKeys(catalog, clock, Management.SAME_PORT, workers);
    }

    /** Starts the same, with its metrics published elsewhere. */
    static GatewayService startWithKeys(URI catalog, Management management, URI... workers) {
        return startWithKeys(catalog, Clock.systemUTC(), management, workers);
    }

    private static GatewayService startWithKeys(
            URI catalog, Clock clock, Management management, URI... workers) {
        return GatewayService.start(
                new GatewayOptions(
                        new WeftSettings.Gateway(
                                0,
                                null,
                                List.of(),
                                Duration.ofSeconds(5),
                                DataSize.ofBytes(100_000),
                                DRAIN),
                        "127.0.0.1",
                        BASE,
                        List.of(workers),
                        catalog,
                        null,
                        true,
                        management,
                        ServiceTls.OFF,
                        WeftSettings.Metrics.DEFAULT,
                        clock,
                        TracingSettings.OFF,
                        WeftSettings.Log.DEFAULT));
    }

    static HttpRequest post(GatewayService gateway, String path, String body) {
        return HttpRequest.newBuilder(gateway.address().resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static HttpResponse<String> chat(GatewayService gateway, String body)
            throws IOException, InterruptedException {
        return send(post(gateway, "/v1/chat/completions", body));
    }

    static HttpResponse<String> get(GatewayService gateway, String path)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(gateway.address().resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .build());
    }

    static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode error(HttpResponse<String> response) {
        return JSON.readTree(response.body()).get("error");
    }

    /** The number of workers that a gateway takes for ready. */
    static long workersReady(GatewayService gateway) {
        return gateway.context().getBean(WorkerPool.class).snapshot().stream()
                .filter(WorkerSnapshot::ready)
                .count();
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** Waits until readiness answers 200. */
    static void awaitReady(GatewayService gateway) throws Exception {
        await(() -> get(gateway, "/actuator/health/readiness").statusCode() == 200);
    }

    static void await(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plusSeconds(15);
        while (!condition.call()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not within 15 s");
            }
            Thread.sleep(10);
        }
    }
}
