package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.deployment.WeftSettings;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.tracing.TracingSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A catalog on loopback with a client, over folders of a test: {@code base}, {@code adapters}. */
public final class RunningCatalog implements AutoCloseable {
    /** The name of the base. */
    static final String SERVED = "acme/base";

    public static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> SETTLED = Set.of("Ready", "Rejected", "Disabled", "Retired");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final @Nullable CatalogService service;
    private final URI address;

    private RunningCatalog(CatalogService service) {
        this.service = service;
        this.address = service.address();
    }

    private RunningCatalog(URI address) {
        this.service = null;
        this.address = address;
    }

    /** A client of a catalog that its owner ends. */
    public static RunningCatalog at(URI address) {
        return new RunningCatalog(address);
    }

    public static RunningCatalog start(Path folder) throws IOException {
        return start(folder, repositories(), Duration.ofSeconds(60));
    }

    public static RunningCatalog start(Path folder, RepositoryAccess repositories, Duration timeout)
            throws IOException {
        return new RunningCatalog(
                CatalogService.start(options(folder, timeout, null, 0), repositories));
    }

    /** Starts a catalog on a PostgreSQL. */
    public static RunningCatalog startOn(Path folder, String database) throws IOException {
        return startOn(folder, database, repositories());
    }

    public static RunningCatalog startOn(
            Path folder, String database, RepositoryAccess repositories) throws IOException {
        return new RunningCatalog(
                CatalogService.start(
                        options(folder, Duration.ofSeconds(60), database, 0), repositories));
    }

    /** Starts a catalog with these options. */
    public static RunningCatalog start(CatalogOptions options) {
        return new RunningCatalog(CatalogService.start(options, repositories()));
    }

    /** Starts a catalog on the folder and port of a closed one. */
    public static RunningCatalog startAgain(Path folder, int port) throws IOException {
        return new RunningCatalog(
                CatalogService.start(
                        options(folder, Duration.ofSeconds(60), null, port), repositories()));
    }

    public static CatalogOptions options(
            Path folder, Duration timeout, @Nullable String database, int port) throws IOException {
        Path base = TestAdapter.base(folder.resolve("base"));
        return new CatalogOptions(
                new WeftSettings.Catalog(
                        port,
                        null,
                        null,
                        database,
                        List.of(folder.resolve("adapters")),
                        timeout,
                        null,
                        Duration.ofHours(24),
                        DataSize.ofGigabytes(20)),
                "127.0.0.1",
                folder.resolve("data"),
                new RepositoryRef(RepositorySource.FILE, base.toString(), null),
                SERVED,
                SourceConfiguration.fromEnvironment(Map.of()),
                16,
                NpyType.FLOAT16,
                List.of(folder.resolve("declared")),
                WeftSettings.Access.DEFAULT,
                null,
                Management.SAME_PORT,
                ServiceTls.OFF,
                Clock.systemUTC(),
                TracingSettings.OFF);
    }

    public static RepositoryAccess repositories() {
        return new Repositories(SourceConfiguration.fromEnvironment(Map.of()), Clock.systemUTC())
                ::fetch;
    }

    public URI address() {
        return address;
    }

    public HttpClient client() {
        return client;
    }

    public HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path)).timeout(PATIENCE);
    }

    public HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                to(path).header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    public HttpResponse<String> delete(String path) throws Exception {
        return client.send(to(path).DELETE().build(), BodyHandlers.ofString());
    }

    public JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Waits until it says that it is ready; returns its probe's answer. */
    public JsonNode ready() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer = get("/actuator/health/readiness");
            if (answer.statusCode() == 200) {
                return JSON.readTree(answer.body());
            }
            assertThat(System.nanoTime()).as("still %s", answer.body()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Registers a folder; returns the accepted version. */
    public JsonNode register(String name, Path repo) throws Exception {
        return register(name, "FILE", repo.toString());
    }

    public JsonNode register(String name, String source, String repo) throws Exception {
        HttpResponse<String> answer =
                post(
                        "/admin/v1/adapters",
                        JSON.writeValueAsString(
                                Map.of("name", name, "source", source, "repo", repo)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body());
    }

    /** Registers a folder and waits for the outcome. */
    public JsonNode ingest(String name, Path repo) throws Exception {
        return settled(register(name, repo).path("id").asLong());
    }

    /** Waits until the metrics have lines that begin with each of these. */
    public void awaitMetrics(String... lines) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String metrics = "\n" + get("/actuator/prometheus").body();
            if (Arrays.stream(lines).allMatch(line -> metrics.contains("\n" + line))) {
                return;
            }
            assertThat(System.nanoTime()).as("still %s", metrics).isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** Waits until a version's ingest has ended. */
    public JsonNode settled(long version) throws Exception {
        return await(version, SETTLED);
    }

    /** Waits until a version is in one of the states. */
    public JsonNode await(long version, Set<String> states) throws Exception {
        return await(version, found -> states.contains(found.path("state").asString()));
    }

    /** Waits until a version meets the condition. */
    public JsonNode await(long version, Predicate<JsonNode> wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode found = json("/admin/v1/versions/" + version);
            if (wanted.test(found)) {
                return found;
            }
            assertThat(System.nanoTime()).as("still %s", found).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Ends the catalog and keeps the client's connections. */
    public void stopService() {
        if (service != null) {
            service.close();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        stopService();
    }
}
