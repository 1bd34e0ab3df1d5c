package dev.weft.protocol.feed;

import static dev.weft.protocol.feed.Entries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedFollowerTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final CatalogView view = new CatalogView();
    private final Loops loops = new Loops();
    private FakeFeed feed;
    private FeedFollower follower;

    FeedFollowerTest() throws IOException {
        feed = new FakeFeed(0);
        follower = new FeedFollower(catalog(feed.address()), "test", view, CLOCK, LONG, loops);
    }

    @BeforeEach
    void start() {
        follower.start();
    }

    @AfterEach
    void close() {
        follower.close();
        feed.close();
    }

    @Test
    void followsASnapshotAndWhatComesAfterIt() throws Exception {
        FakeFeed.Connection connection = feed.accept();
        assertThat(connection.lastEventId()).isNull();
        assertThat(follower.awaitInitialised(Duration.ZERO)).isFalse();

        connection.write(": heartbeat\n\n");
        connection.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        assertThat(follower.awaitInitialised(LONG)).isTrue();
        connection.say(new CatalogEvent.Published(4, entry("json", 2)));
        connection.say(new CatalogEvent.Withdrawn(5, AdapterId.of("sql")));

        await(() -> view.sequence() == 5);
        assertThat(view.entries()).containsExactly(entry("json", 2));
        assertThat(follower.connected()).isTrue();
        assertThat(follower.lastHeard()).contains(CLOCK.instant());
    }

    @Test
    void resumesAfterTheLastEventWhenTheConnectionIsLost() throws Exception {
        FakeFeed.Connection first = feed.accept();
        first.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        await(() -> view.sequence() == 3);
        first.end();

        FakeFeed.Connection second = feed.accept();
        assertThat(second.lastEventId()).isEqualTo("3");
        second.say(new CatalogEvent.Published(4, entry("json", 2)));
        await(() -> view.sequence() == 4);
        assertThat(view.size()).isEqualTo(2);
    }

    @Test
    void resumesByTheIdOfTheLastEventAsTheCatalogGaveIt() throws Exception {
        FakeFeed.Connection first = feed.accept();
        first.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))), "3-77");
        first.say(new CatalogEvent.Published(4, entry("json", 2)), "4-78");
        first.say(new CatalogEvent.Published(3, entry("json", 2)), "3-77"); // seen before
        first.write("id: 5-79\nevent: published\n");
        await(() -> view.sequence() == 4);
        first.end();

        FakeFeed.Connection second = feed.accept();
        assertThat(second.lastEventId()).isEqualTo("4-78");
        second.write(
                "event: published\ndata: %s\n\n"
                        .formatted(
                                FeedCodec.encode(new CatalogEvent.Published(5, entry("csv", 3)))));
        await(() -> view.sequence() == 5);
        second.end();
        assertThat(feed.accept().lastEventId()).isEqualTo("5"); // of a catalog that gives no ids
    }

    @Test
    void aMissingEventIsMadeGoodByASnapshot() throws Exception {
        FakeFeed.Connection first = feed.accept();
        first.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        first.say(new CatalogEvent.Published(5, entry("json", 2)));

        FakeFeed.Connection second = feed.accept();
        assertThat(second.lastEventId()).isNull();
        assertThat(view.sequence()).isEqualTo(3);
        second.say(new CatalogEvent.Snapshot(5, List.of(entry("json", 2))));
        await(() -> view.sequence() == 5);
        assertThat(view.entries()).containsExactly(entry("json", 2));
    }

    @Test
    void anEventSeenBeforeIsNoGap() throws Exception {
        FakeFeed.Connection connection = feed.accept();
        connection.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        connection.say(new CatalogEvent.Published(3, entry("sql", 9)));
        connection.say(new CatalogEvent.Published(4, entry("json", 2)));

        await(() -> view.sequence() == 4);
        assertThat(view.find(AdapterId.of("sql"))).contains(entry("sql", 1));
        assertThat(feed.quietFor(Duration.ofMillis(300))).isTrue();
    }

    @Test
    void anUnreadableEventIsMadeGoodByASnapshotAndTheViewKeepsWhatItHas() throws Exception {
        FakeFeed.Connection first = feed.accept();
        first.say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        first.write("id: 4\nevent: published\ndata: {\"sequence\":4}\n\n");

        FakeFeed.Connection second = feed.accept();
        assertThat(second.lastEventId()).isNull();
        assertThat(view.find("sql")).isPresent();
    }

    @Test
    void silenceIsALostConnection() throws Exception {
        feed.accept();
        follower.close();
        try (FeedFollower impatient =
                new FeedFollower(
                        catalog(feed.address()),
                        "test",
                        view,
                        CLOCK,
                        Duration.ofSeconds(2),
                        loops)) {
            impatient.start();
            FakeFeed.Connection first = feed.accept();
            first.say(new CatalogEvent.Snapshot(3, List.of()));

            assertThat(feed.accept().lastEventId()).isEqualTo("3");
        }
    }

    @Test
    void followsOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        feed.accept();
        follower.close();
        AtomicInteger looks = new AtomicInteger();
        InstantSource brokenOnce =
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new StackOverflowError();
                    }
                    return CLOCK.instant();
                };
        try (FeedFollower other =
                new FeedFollower(
                        catalog(feed.address()),
                        "test",
                        view,
                        brokenOnce.withZone(ZoneOffset.UTC),
                        LONG,
                        loops)) {
            other.start();
            feed.accept().say(new CatalogEvent.Snapshot(3, List.of()));

            FakeFeed.Connection second = feed.accept();
            assertThat(second.lastEventId()).isNull();
            second.say(new CatalogEvent.Snapshot(4, List.of(entry("sql", 1))));
            await(() -> view.sequence() == 4);
        }
        assertThat(loops.failures()).containsEntry("feed-follower", 1L);
    }

    @Test
    void aRefusalIsTriedAgain() throws Exception {
        feed.accept().end();
        feed.status = 503;
        feed.accept().end();
        feed.status = 200;
        feed.type = "text/html";
        feed.accept().end();
        feed.type = "text/event-stream;charset=UTF-8";

        feed.accept().say(new CatalogEvent.Snapshot(1, List.of(entry("sql", 1))));
        assertThat(follower.awaitInitialised(LONG)).isTrue();
    }

    @Test
    void theViewAnswersWhileTheCatalogIsAwayAndCatchesUpWhenItIsBack() throws Exception {
        feed.accept().say(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1))));
        await(() -> view.sequence() == 3);
        int port = feed.address().getPort();
        feed.close();
        await(() -> !follower.connected());
        assertThat(view.find("sql")).isPresent();

        feed = new FakeFeed(port);
        FakeFeed.Connection connection = feed.accept();
        assertThat(connection.lastEventId()).isEqualTo("3");
        connection.say(new CatalogEvent.Snapshot(1, List.of(entry("json", 2))));
        await(() -> view.find("json").isPresent());
        assertThat(view.find("sql")).isEmpty();
    }

    @Test
    void closingEndsTheConnectionForGood() throws Exception {
        FakeFeed.Connection connection = feed.accept();
        connection.say(new CatalogEvent.Snapshot(3, List.of()));
        await(() -> view.sequence() == 3);

        follower.close();
        await(() -> !follower.connected());
        assertThat(feed.quietFor(Duration.ofMillis(500))).isTrue();
    }

    @Test
    void anAddressThatIsNotHttpIsRefusedAtOnce() {
        assertThatThrownBy(() ->
                        new FeedFollower(
                                catalog(URI.create("catalog:8081")), "test", view, CLOCK, loops))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("catalog:8081");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(LONG);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not within " + LONG);
            }
            Thread.sleep(5);
        }
    }

    private static CatalogEndpoint catalog(URI address) {
        return new CatalogEndpoint(
                address, null, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
    }
}
