package dev.weft.gateway;

import dev.weft.access.management.Management;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStart;
import dev.weft.settings.bind.TestSettings;
import dev.weft.tracing.TracingOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts gateways for tests and talks to them. */
public final class Gateways {
    public static final String BASE = "weft-tiny";
    public static final Instant STARTED = Instant.parse("2026-11-24T10:00:00Z");
    public static final Duration DRAIN = Duration.ofMillis(300);

    /** What a busy machine may take for anything. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    public static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Gateways() {}

    public static GatewayService start(URI catalog, Duration silence, URI... workers) {
        return start(catalog, silence, Clock.fixed(STARTED, ZoneOffset.UTC), workers);
    }

    public static GatewayService start(URI catalog, Duration silence, Clock clock, URI... workers) {
        return GatewayService.start(
                with(catalog, workers, "weft.gateway.request-timeout=" + millis(silence))
                        .with(Clock.class, clock));
    }

    /**
     * Starts a gateway by whose time, of which only differences count, nothing passes by itself.
     */
    public static GatewayService start(
            URI catalog, Duration silence, Clock clock, LongSupplier nanos, URI... workers) {
        return GatewayService.start(
                with(catalog, workers, "weft.gateway.request-timeout=" + millis(silence))
                        .with(Clock.class, clock)
                        .with(LongSupplier.class, nanos));
    }

    /** Starts a gateway that gives requests under way that time to finish. */
    public static GatewayService startDraining(URI catalog, Duration drain, URI... workers) {
        return GatewayService.start(
                with(catalog, workers, "weft.gateway.drain-timeout=" + millis(drain)));
    }

    /** Starts a gateway that sends its traces to a collector. */
    public static GatewayService start(URI catalog, TracingOptions tracing, URI... workers) {
        return GatewayService.start(
                with(catalog, workers, "weft.log.requests=true")
                        .with(Clock.class, Clock.systemUTC())
                        .with(TracingOptions.class, tracing));
    }

    /** Starts a gateway whose answers tell why their worker was chosen. */
    public static GatewayService startExplaining(URI catalog, URI... workers) {
        return GatewayService.start(with(catalog, workers, "weft.gateway.routing.explain=true"));
    }

    /** Starts a gateway with these settings. */
    public static GatewayService start(URI catalog, List<URI> workers, String... settings) {
        return GatewayService.start(with(catalog, workers.toArray(URI[]::new), settings));
    }

    /** Starts a gateway that is told no worker, and looks for some. */
    public static GatewayService startLooking(URI catalog, String... settings) {
        return GatewayService.start(with(catalog, new URI[0], settings));
    }

    /** Starts a gateway that measures no answers. */
    public static GatewayService startUnmeasured(URI catalog, URI... workers) {
        return GatewayService.start(
                with(
                        catalog,
                        workers,
                        "weft.metrics.enabled=false",
                        "weft.gateway.usage.enabled=false"));
    }

    /** The options of a gateway before one worker. */
    public static ServiceStart options(URI catalog, URI worker, String... settings) {
        return with(catalog, new URI[] {worker}, settings);
    }

    /** What a gateway is made of. */
    public static ApplicationContext context(GatewayService gateway) {
        return gateway.context();
    }

    /** Starts a gateway that serves only requests with a token. All its time is the clock's. */
    public static GatewayService startWithKeys(URI catalog, Clock clock, URI... workers) {
        return startWithKeys(catalog, clock, Management.SAME_PORT, workers);
    }

    /** Starts the same, with its metrics published elsewhere. */
    public static GatewayService startWithKeys(URI catalog, Management management, URI... workers) {
        return startWithKeys(catalog, Clock.systemUTC(), management, workers);
    }

    private static GatewayService startWithKeys(
            URI catalog, Clock clock, Management management, URI... workers) {
        return GatewayService.start(
                with(catalog, workers, "weft.access.keys=true")
                        .with(Clock.class, clock)
                        .with(
                                LongSupplier.class,
                                () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                        .with(Management.class, management));
    }

    /** A start on a free port, at a fixed time, with these settings. */
    private static ServiceStart with(URI catalog, URI[] workers, String... settings) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "weft.gateway.port=0",
                                "weft.gateway.workers="
                                        + Stream.of(workers)
                                                .map(URI::toString)
                                                .collect(Collectors.joining(",")),
                                "weft.gateway.request-timeout=" + millis(PATIENCE),
                                "weft.gateway.max-request-bytes=100000",
                                "weft.gateway.drain-timeout=" + millis(DRAIN),
                                "weft.catalog.url=" + catalog));
        all.addAll(List.of(settings));
        return ServiceStart.of(TestSettings.of(all.toArray(String[]::new)))
                .with(ServedBases.class, ServedBases.of(BASE))
                .with(Clock.class, Clock.fixed(STARTED, ZoneOffset.UTC))
                .with(DataFolder.class, new DataFolder(freshFolder()))
                .with(Management.class, Management.SAME_PORT)
                .with(TracingOptions.class, TracingOptions.OFF);
    }

    /** A folder of its own below the build's. */
    private static Path freshFolder() {
        return Path.of("target", "gateways", UUID.randomUUID().toString());
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    public static HttpRequest post(GatewayService gateway, String path, String body) {
        return HttpRequest.newBuilder(gateway.address().resolve(path))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    public static HttpResponse<String> chat(GatewayService gateway, String body)
            throws IOException, InterruptedException {
        return send(post(gateway, "/v1/chat/completions", body));
    }

    public static HttpResponse<String> get(GatewayService gateway, String path)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(gateway.address().resolve(path)).timeout(PATIENCE).build());
    }

    public static HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public static JsonNode error(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body()).get("error");
    }

    /** The number of workers that a gateway takes for ready. */
    public static long workersReady(GatewayService gateway) {
        return gateway.context().getBean(WorkerPool.class).snapshot().stream()
                .filter(WorkerSnapshot::ready)
                .count();
    }

    /** The number of requests that wait at a gateway for a worker. */
    public static int waiting(GatewayService gateway) {
        return (int)
                gateway.context()
                        .getBean(MeterRegistry.class)
                        .get("weft.gateway.waiting")
                        .gauge()
                        .value();
    }

    public static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    /** Waits until readiness answers 200. */
    public static void awaitReady(GatewayService gateway) throws Exception {
        await(() -> get(gateway, "/actuator/health/readiness").statusCode() == 200);
    }

    /** Waits until the states that all workers tell have come. */
    public static void awaitStates(GatewayService gateway) throws Exception {
        WorkerPool pool = gateway.context().getBean(WorkerPool.class);
        await(() -> pool.snapshot().stream().allMatch(worker -> worker.told() != null));
    }

    public static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE);
            }
            Thread.sleep(10);
        }
    }
}
