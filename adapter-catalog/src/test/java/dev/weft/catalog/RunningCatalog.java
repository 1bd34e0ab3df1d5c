package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.management.Management;
import dev.weft.catalog.database.EmptyH2;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import dev.weft.tracing.TracingOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A catalog on loopback with a client, over folders of a test: {@code base}, {@code adapters}. */
public final class RunningCatalog implements AutoCloseable {
    /** The name of the base. */
    static final String SERVED = "acme/base";

    public static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<String> SETTLED = Set.of("Ready", "Rejected", "Disabled", "Retired");

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
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
        return start(options(folder, timeout, null, 0), repositories);
    }

    /** Starts a catalog on a PostgreSQL. */
    public static RunningCatalog startOn(Path folder, String database) throws IOException {
        return startOn(folder, database, repositories());
    }

    public static RunningCatalog startOn(
            Path folder, String database, RepositoryAccess repositories) throws IOException {
        return start(options(folder, Duration.ofSeconds(60), database, 0), repositories);
    }

    /** Starts a catalog with these options. */
    public static RunningCatalog start(ServiceStart options) {
        return new RunningCatalog(CatalogService.start(options));
    }

    private static RunningCatalog start(ServiceStart options, RepositoryAccess repositories) {
        return start(options.with(RepositoryAccess.class, repositories));
    }

    /** Starts a catalog on the folder and port of a closed one. */
    public static RunningCatalog startAgain(Path folder, int port) throws IOException {
        return start(options(folder, Duration.ofSeconds(60), null, port));
    }

    /**
     * Options of a catalog in a folder.
     *
     * @param settings more settings, each {@code KEY=VALUE}
     */
    public static ServiceStart options(
            Path folder, Duration timeout, @Nullable String database, int port, String... settings)
            throws IOException {
        TestAdapter.base(folder.resolve("base"));
        Files.createDirectories(folder.resolve("adapters"));
        Files.createDirectories(folder.resolve("declared"));
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        """
                        model_name: %s
                        trt_llm:
                          build:
                            checkpoint_repository: {source: FILE, repo: base}
                            lora_adapters:
                              declared: {source: FILE, repo: declared}
                            max_lora_rank: 16
                            plugin_configuration: {lora_plugin: float16}
                        """
                                .formatted(SERVED));
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "weft.catalog.port=" + port,
                                "weft.catalog.file-roots=adapters",
                                "weft.catalog.ingest-timeout=" + timeout.toMillis() + "ms"));
        if (database == null) {
            EmptyH2.into(folder.resolve("data"));
        } else {
            all.add("weft.catalog.database=" + database);
        }
        all.addAll(List.of(settings));
        try {
            return options(DeploymentFile.read(file, all), folder);
        } catch (DeploymentException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ServiceStart options(Deployment deployment, Path folder) {
        return ServiceStart.of(deployment.settings())
                .with(Deployment.class, deployment)
                .with(DataFolder.class, new DataFolder(folder.resolve("data")))
                .with(SourceOptions.class, SourceConfiguration.fromEnvironment(Map.of()))
                .with(RepositoryAccess.class, repositories())
                .with(Management.class, Management.SAME_PORT)
                .with(ServiceToken.class, ServiceToken.NONE)
                .with(Clock.class, Clock.systemUTC())
                .with(TracingOptions.class, TracingOptions.OFF);
    }

    public static RepositoryAccess repositories() {
        return new Repositories(SourceConfiguration.fromEnvironment(Map.of()), Clock.systemUTC())
                ::fetch;
    }

    public URI address() {
        return address;
    }

    /** A follower of its feed that has not started. */
    public FeedFollower follower(CatalogView view) {
        return follower(view, null);
    }

    /** A follower that sends a token, and has not started. */
    public FeedFollower follower(CatalogView view, @Nullable String token) {
        return new FeedFollower(
                new CatalogEndpoint(
                        address,
                        token,
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)),
                "test",
                view,
                Clock.systemUTC(),
                new Loops());
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

    public HttpResponse<String> put(String path, String body) throws Exception {
        return client.send(
                to(path).header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
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
