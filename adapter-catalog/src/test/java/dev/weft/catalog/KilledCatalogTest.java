package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.database.PostgresDatabases;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.FeedEvent;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.FeedCodec;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills a real process at random moments while it ingests adapters. */
class KilledCatalogTest {
    private static final int ADAPTERS = 70;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private Path folder;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    @Test
    void everyVersionIsReadyOrRejectedNoneTwiceAndNoneLost() throws Exception {
        kill(4, null);
    }

    @Test
    void norOnPostgresql() throws Exception {
        try (EmbeddedPostgres postgres = PostgresDatabases.builder().start()) {
            kill(
                    2,
                    "jdbc:postgresql://postgres:postgres@localhost:%d/postgres"
                            .formatted(postgres.getPort()));
        }
    }

    private void kill(int kills, @Nullable String database) throws Exception {
        Path adapters = Files.createDirectories(folder.resolve("adapters"));
        for (int i = 0; i < ADAPTERS; i++) {
            Path repo = TestAdapter.write(adapters.resolve("a" + i), 4, i);
            if (broken(i)) {
                Files.delete(repo.resolve("adapter_config.json"));
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < kills; kill++) {
            CatalogProcess process = CatalogProcess.start(folder, database);
            URI address = process.address();
            Thread registering = Thread.ofVirtual().start(() -> registerAll(address, adapters));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500)));
            process.kill();
            assertThat(registering.join(PATIENCE)).isTrue();
        }
        CatalogProcess last = CatalogProcess.start(folder, database);
        try {
            registerAll(last.address(), adapters);
            assertThat(accepted).hasSize(ADAPTERS);
            checkStates(awaitSettled(last.address()), seed);
        } finally {
            last.kill();
        }
        checkEvents(database);
        client.shutdownNow();
    }

    private static boolean broken(int adapter) {
        return adapter % 10 == 3;
    }

    /** Posts all adapters that are not accepted yet, at once; some may be lost with the process. */
    private void registerAll(URI address, Path adapters) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ADAPTERS; i++) {
                String name = "a" + i;
                if (!accepted.contains(name)) {
                    threads.execute(() -> register(address, name, adapters.resolve(name)));
                }
            }
        }
    }

    private void register(URI address, String name, Path repo) {
        String body =
                RunningCatalog.JSON.writeValueAsString(
                        Map.of("name", name, "source", "FILE", "repo", repo.toString()));
        try {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(address.resolve("/admin/v1/adapters"))
                                    .timeout(Duration.ofMinutes(2))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 202) {
                accepted.add(name);
            }
        } catch (IOException e) {
            // the process was killed meanwhile: it is posted again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<JsonNode> awaitSettled(URI address) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<JsonNode> versions = new ArrayList<>();
            JsonNode page = get(address, "/admin/v1/adapters?size=500");
            page.path("items").forEach(item -> item.path("versions").forEach(versions::add));
            if (versions.stream()
                    .allMatch(v ->
                            Set.of("Ready", "Rejected").contains(v.path("state").asString()))) {
                return versions;
            }
            assertThat(System.nanoTime()).as("%s", versions).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private JsonNode get(URI address, String path) throws Exception {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(address.resolve(path))
                                .timeout(Duration.ofMinutes(2))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningCatalog.JSON.readTree(answer.body());
    }

    /**
     * Each name has one version. A broken one may have two if the process took a post in, was
     * killed before it answered, and the post was repeated.
     */
    private static void checkStates(List<JsonNode> versions, long seed) {
        Map<String, List<String>> states = new HashMap<>();
        for (JsonNode version : versions) {
            states.computeIfAbsent(version.path("name").asString(), _ -> new ArrayList<>())
                    .add(version.path("state").asString());
        }
        assertThat(states).as("seed %d", seed).hasSize(ADAPTERS);
        for (int i = 0; i < ADAPTERS; i++) {
            List<String> found = states.get("a" + i);
            if (broken(i)) {
                assertThat(found).as("seed %d", seed).containsOnly("Rejected");
            } else {
                assertThat(found).as("seed %d", seed).containsExactly("Ready");
            }
        }
        assertThat(versions).extracting(v -> v.path("id").asLong()).doesNotHaveDuplicates();
    }

    /**
     * Each name was coming, each ready one was published once, nothing is coming any more, and the
     * events' numbers have no gaps.
     */
    private void checkEvents(@Nullable String url) {
        Map<String, Integer> published = new HashMap<>();
        Set<String> coming = new HashSet<>();
        try (Database database = Databases.open(url, folder.resolve("data"))) {
            ChangeLog log = new ChangeLog(database);
            List<FeedEvent> events = log.after(0, 1_000);
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).sequence()).isEqualTo(events.getFirst().sequence() + i);
                CatalogEvent event = FeedCodec.decode(events.get(i).kind(), events.get(i).data());
                switch (event) {
                    case CatalogEvent.Published(var _, var entry) -> {
                        published.merge(entry.id().name(), 1, Integer::sum);
                        coming.remove(entry.id().name());
                    }
                    case CatalogEvent.Withdrawn withdrawn -> {
                        String name = withdrawn.id().name();
                        boolean comes = withdrawn.coming() != null;
                        assertThat(comes ? coming.add(name) : coming.remove(name))
                                .as("%s", event)
                                .isTrue();
                    }
                    // the first start declares the base, no other does
                    case CatalogEvent.BasesChanged _ -> assertThat(i).isZero();
                    default -> throw new AssertionError(event);
                }
            }
        }
        assertThat(published).hasSize(ADAPTERS * 9 / 10);
        assertThat(published.values()).containsOnly(1);
        assertThat(coming).isEmpty();
    }
}
