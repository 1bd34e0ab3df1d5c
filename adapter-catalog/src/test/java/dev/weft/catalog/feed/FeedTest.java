package dev.weft.catalog.feed;

import static dev.weft.catalog.feed.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.feed.FeedFollower;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The feed over HTTP. */
@Timeout(240)
class FeedTest {
    @TempDir private Path folder;

    @AutoClose private RunningCatalog catalog;
    private Path sql;
    private Path json;

    @BeforeEach
    void start() throws Exception {
        sql = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        json = TestAdapter.write(folder.resolve("adapters/json"), 8, 2);
        catalog = RunningCatalog.start(folder);
    }

    /** One connection to the feed. */
    private final class Line implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader reader;
        private final List<String> comments = new ArrayList<>();
        private String id = "";

        private Line(String... headers) throws Exception {
            HttpRequest.Builder request = catalog.to("/feed/v1/events");
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<InputStream> answer =
                    catalog.client()
                            .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            body = answer.body();
            reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        CatalogEvent next() throws Exception {
            String name = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("id:")) {
                    id = line.substring("id:".length()).strip();
                } else if (line.startsWith("data:")) {
                    CatalogEvent event =
                            FeedCodec.decode(name, line.substring("data:".length()).strip());
                    assertThat(id).matches(event.sequence() + "-[0-9]+");
                    return event;
                }
            }
            throw new AssertionError("the feed ended");
        }

        boolean ended() throws Exception {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                assertThat(line).doesNotStartWith("event:");
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @Test
    void aFollowerGetsASnapshotAndThenEveryChange() throws Exception {
        catalog.ingest("sql", sql);
        try (Line line = new Line()) {
            CatalogEvent.Snapshot snapshot = (CatalogEvent.Snapshot) line.next();
            assertThat(snapshot.entries()).extracting(e -> e.id().name()).containsExactly("sql");
            assertThat(snapshot.entries().getFirst().main().orElseThrow().root())
                    .isEqualTo("FILE:" + sql);
            assertThat(snapshot.entries().getFirst().main().orElseThrow().facts().rank())
                    .isEqualTo(4);

            catalog.ingest("team/json", json);
            catalog.post("/admin/v1/adapters/sql/disable", "");
            catalog.post("/admin/v1/adapters/sql/enable", "");
            catalog.delete("/admin/v1/adapters/team/json");
            List<CatalogEvent> events = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                events.add(line.next());
            }
            assertThat(((CatalogEvent.Withdrawn) events.getFirst()).coming()).isNotNull();
            assertThat(events)
                    .extracting(FeedCodec::eventName)
                    .containsExactly(
                            "withdrawn", "published", "withdrawn", "published", "withdrawn");
            assertThat(events)
                    .extracting(CatalogEvent::sequence)
                    .containsExactly(
                            snapshot.sequence() + 1,
                            snapshot.sequence() + 2,
                            snapshot.sequence() + 3,
                            snapshot.sequence() + 4,
                            snapshot.sequence() + 5);
        }
    }

    @Test
    void aFollowerThatNamesTheLastEventGetsOnlyWhatCameAfter() throws Exception {
        long seen;
        String id;
        try (Line line = new Line()) {
            line.next();
            catalog.ingest("sql", sql);
            assertThat(line.next()).isInstanceOf(CatalogEvent.Withdrawn.class); // it is coming
            seen = line.next().sequence();
            id = line.id;
        }
        catalog.ingest("json", json);
        catalog.post("/admin/v1/adapters/sql/disable", "");
        try (Line line = new Line("Last-Event-ID", id)) {
            assertThat(line.next()).isInstanceOf(CatalogEvent.Withdrawn.class); // it is coming
            assertThat(line.next()).isInstanceOf(CatalogEvent.Published.class);
            assertThat(line.next())
                    .isInstanceOf(CatalogEvent.Withdrawn.class)
                    .extracting(CatalogEvent::sequence)
                    .isEqualTo(seen + 3);
            catalog.post("/admin/v1/adapters/sql/enable", "");
            assertThat(line.next()).isInstanceOf(CatalogEvent.Published.class);
            id = line.id;
        }
        try (Line upToDate = new Line("Last-Event-ID", id)) {
            catalog.post("/admin/v1/adapters/sql/disable", "");
            assertThat(upToDate.next().sequence()).isEqualTo(seen + 5);
            assertThat(upToDate.comments).isNotEmpty();
        }
    }

    @Test
    void aFollowerOfAnotherHistoryGetsASnapshot() throws Exception {
        catalog.ingest("sql", sql);
        String last;
        try (Line line = new Line()) {
            last = Long.toString(line.next().sequence());
        }
        for (String id :
                List.of("1", "99999999999999999", "nonsense", "-5", "", last, last + "-1", "1-1")) {
            try (Line line = new Line("Last-Event-ID", id)) {
                assertThat(line.next()).as(id).isInstanceOf(CatalogEvent.Snapshot.class);
            }
        }
    }

    @Test
    void closingEndsTheLinesOfAllFollowersAndWaitsForNone() throws Exception {
        try (Line first = new Line();
                Line second = new Line()) {
            first.next();
            second.next();
            long start = System.nanoTime();
            Thread closing = Thread.ofVirtual().start(catalog::stopService);
            assertThat(first.ended()).isTrue();
            assertThat(second.ended()).isTrue();
            assertThat(closing.join(Duration.ofMinutes(1))).isTrue();
            // what waits for a line that does not end gives up after 30 s
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void aFollowerThatDoesNotReadHoldsNobodyUp() throws Exception {
        catalog.ingest("sql", sql);
        try (Line stuck = new Line();
                Line reading = new Line()) {
            assertThat(stuck.next()).isInstanceOf(CatalogEvent.Snapshot.class);
            reading.next();
            for (int i = 0; i < 50; i++) {
                catalog.post("/admin/v1/adapters/sql/disable", "");
                catalog.post("/admin/v1/adapters/sql/enable", "");
                reading.next();
                reading.next();
            }
        }
    }

    @Test
    void theViewOfAGatewayFollowsAlsoAcrossARestart() throws Exception {
        catalog.ingest("sql", sql);
        CatalogView view = new CatalogView();
        int port = catalog.address().getPort();
        try (FeedFollower follower = catalog.follower(view)) {
            follower.start();
            assertThat(follower.awaitInitialised(Duration.ofMinutes(1))).isTrue();
            assertThat(view.find("sql")).isPresent();

            catalog.close();
            assertThat(view.find("sql")).isPresent();
            catalog = RunningCatalog.startAgain(folder, port);
            catalog.ingest("json", json);
            await(() -> view.find("json").isPresent());
            assertThat(view.find("sql")).isPresent();
        }
    }
}
