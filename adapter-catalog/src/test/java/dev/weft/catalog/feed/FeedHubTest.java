package dev.weft.catalog.feed;

import static dev.weft.catalog.feed.Eventually.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.MovableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

@OnEachDatabase
@Timeout(180)
class FeedHubTest {
    private static final AdapterId SQL = AdapterId.of("sql");

    private final EmptyDatabases databases;
    @TempDir private Path data;
    private final MovableClock clock = new MovableClock();
    private final AtomicLong nanos = new AtomicLong();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final FeedMetrics metrics = new FeedMetrics(meters);
    private Database database;
    private FeedHub hub;
    private Registry registry;
    private ChangeLog log;

    private static class Recorder implements FeedListener {
        private final List<FeedEvent> events = new CopyOnWriteArrayList<>();
        private final List<CatalogEvent.Snapshot> snapshots = new CopyOnWriteArrayList<>();
        private final AtomicInteger heartbeats = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public void say(FeedMessage message) {
            switch (message) {
                case FeedMessage.Alive _ -> heartbeats.incrementAndGet();
                case FeedMessage.Change(FeedEvent event) -> events.add(event);
                case FeedMessage.Everything(Snapshot snapshot) -> snapshots.add(read(snapshot));
            }
        }

        private static CatalogEvent.Snapshot read(Snapshot snapshot) {
            StringBuilder text = new StringBuilder();
            snapshot.pieces().forEachRemaining(piece -> text.append(new String(piece, UTF_8)));
            String start = "id:" + snapshot.at().id() + "\nevent:snapshot\ndata:";
            assertThat(text.toString()).startsWith(start).endsWith("}\n\n");
            return (CatalogEvent.Snapshot)
                    FeedCodec.decode("snapshot", text.substring(start.length()));
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }

        List<Long> sequences() {
            return events.stream().map(FeedEvent::sequence).toList();
        }
    }

    /** Takes as many events as a test asks for. */
    private static final class Reader extends BaseSubscriber<FeedMessage> {
        private final List<Long> positions = new CopyOnWriteArrayList<>();
        private final long wanted;
        private volatile boolean ended;

        private Reader(long wanted) {
            this.wanted = wanted;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(wanted);
        }

        @Override
        protected void hookOnNext(FeedMessage message) {
            switch (message) {
                case FeedMessage.Alive _ -> {}
                case FeedMessage.Change(FeedEvent event) -> positions.add(event.sequence());
                case FeedMessage.Everything(Snapshot snapshot) ->
                        positions.add(snapshot.sequence());
            }
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }
    }

    private final Loops loops = new Loops();

    FeedHubTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void start() throws Exception {
        database = databases.create(data);
        log = new ChangeLog(database);
        hub = new FeedHub(log, nanos::get, metrics, loops);
        hub.start();
        registry = new Registry(database, new AliasedNames(), clock, hub::changed, RoomForAll.ROOM);
        IngestLedger ledger =
                new IngestLedger(database, new AliasedNames(), "one", clock, hub::changed);
        long id =
                registry.register(
                                Actor.ANONYMOUS,
                                SQL,
                                new RepositoryRef(RepositorySource.HF, "o/n", null))
                        .id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);
        ledger.publish(
                id,
                new Content(
                        new AdapterDigest("a".repeat(64)),
                        new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                        clock.instant()),
                List.of());
    }

    @AfterEach
    void stop() {
        hub.close();
        database.close();
    }

    @Test
    void everyFollowerHearsEveryEventOnceWheneverItComes() {
        List<Recorder> followers = new CopyOnWriteArrayList<>();
        FeedPlace first = log.place();
        for (int i = 0; i < 10; i++) {
            Recorder recorder = new Recorder();
            followers.add(recorder);
            hub.follow("one", Optional.of(first), recorder, _ -> {});
            registry.disable(Actor.ANONYMOUS, SQL);
            registry.enable(Actor.ANONYMOUS, SQL);
        }
        List<Long> expected =
                LongStream.rangeClosed(first.sequence() + 1, first.sequence() + 20)
                        .boxed()
                        .toList();
        for (Recorder follower : followers) {
            await(() -> follower.events.size() == 20);
            assertThat(follower.sequences()).isEqualTo(expected);
        }
    }

    @Test
    void aLineIsKeptAliveEveryTenSeconds() {
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        int atStart = recorder.heartbeats.get();
        nanos.addAndGet(FeedHub.HEARTBEAT.toNanos());
        await(() -> recorder.heartbeats.get() == atStart + 1);
        nanos.addAndGet(FeedHub.HEARTBEAT.toNanos());
        await(() -> recorder.heartbeats.get() == atStart + 2);
    }

    @Test
    void whoFollowsAClosedHubIsToldThatItEnds() {
        hub.close();
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});

        assertThat(recorder.ends).hasPositiveValue();
    }

    @Test
    void aFollowerThatReadsTooSlowlyIsLetGoAndOthersHearEverything() {
        FeedController controller = new FeedController(hub);
        Reader slow = new Reader(1);
        Reader fast = new Reader(Long.MAX_VALUE);
        controller.messages(null, null).subscribe(slow);
        controller.messages(null, null).subscribe(fast);
        await(() ->
                hub.followers() == 2 && fast.positions.size() == 1 && slow.positions.size() == 1);
        long start = log.position();

        // more than may wait for a follower, in two transactions
        for (int i = 0; i < 2; i++) {
            append(600);
        }
        hub.changed();

        await(() -> fast.positions.size() == 1201);
        assertThat(fast.positions.getLast()).isEqualTo(start + 1200);
        await(() -> hub.followers() == 1);
        assertThat(slow.positions).hasSize(1);
        slow.request(Long.MAX_VALUE);
        await(() -> slow.ended);
        fast.cancel();
        await(() -> hub.followers() == 0);
    }

    @Test
    void theLagOfEachFollowerIsShownUnderItsNameWhileItListens() {
        FeedController controller = new FeedController(hub);
        Reader slow = new Reader(1); // the snapshot
        Reader fast = new Reader(Long.MAX_VALUE);
        controller.messages(null, "gateway-one:8080").subscribe(slow);
        controller.messages(null, "no {name}").subscribe(fast);
        await(() -> fast.positions.size() == 1 && slow.positions.size() == 1);
        assertThat(gauge("weft.catalog.feed.lag.events", "gateway-one:8080")).isZero();
        assertThat(gauge("weft.catalog.feed.lag", "gateway-one:8080")).isZero();

        append(3);
        hub.changed();
        await(() -> fast.positions.size() == 4);
        nanos.addAndGet(Duration.ofSeconds(7).toNanos());

        assertThat(gauge("weft.catalog.feed.lag.events", "gateway-one:8080")).isEqualTo(3);
        assertThat(gauge("weft.catalog.feed.lag", "gateway-one:8080")).isEqualTo(7);
        assertThat(gauge("weft.catalog.feed.lag.events", "unnamed")).isZero();
        await(() -> meters.get("weft.catalog.feed.sequence").gauge().value() == log.position());
        assertThat(meters.get("weft.catalog.feed.followers").gauge().value()).isEqualTo(2);

        slow.request(Long.MAX_VALUE);
        await(() -> gauge("weft.catalog.feed.lag", "gateway-one:8080") == 0);
        slow.cancel();
        await(() ->
                meters.find("weft.catalog.feed.lag").tag("follower", "gateway-one:8080").gauge()
                        == null);
        fast.cancel();
    }

    @Test
    void onlySoManyFollowersAreShownByName() {
        List<Follower> many =
                IntStream.range(0, FeedMetrics.MOST_NAMES + 10)
                        .mapToObj(i -> new Follower("w" + i, new Recorder(), nanos::get))
                        .toList();
        metrics.follow(many);
        assertThat(meters.get("weft.catalog.feed.lag").gauges())
                .hasSize(FeedMetrics.MOST_NAMES + 1);
        assertThat(gauge("weft.catalog.feed.lag.events", FeedMetrics.OTHER)).isZero();
    }

    private double gauge(String name, String follower) {
        return meters.get(name).tag("follower", follower).gauge().value();
    }

    @Test
    void aSnapshotFollowsTheLogAndIsWhatTheDatabaseSays() {
        for (int i = 0; i < 3; i++) {
            assertThat(snapshot()).isEqualTo(log.snapshot());
            registry.disable(Actor.ANONYMOUS, SQL);
            assertThat(snapshot()).isEqualTo(log.snapshot());
            assertThat(snapshot().entries()).isEmpty();
            registry.enable(Actor.ANONYMOUS, SQL);
            registry.share(Actor.ANONYMOUS, SQL, new Audience(List.of("team-" + i)));
        }
        assertThat(snapshot()).isEqualTo(log.snapshot());
        assertThat(snapshot().entries()).hasSize(1);
    }

    @Test
    void whereTheLogDoesNotGoOnFollowersStartAnew() {
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        database.transaction(
                tx -> tx.sql("UPDATE feed_position SET sequence = sequence + 10").update());
        registry.disable(Actor.ANONYMOUS, SQL);

        await(() -> recorder.ends.get() == 1);
        assertThat(recorder.events).isEmpty();
        assertThat(snapshot()).isEqualTo(log.snapshot());
    }

    @Test
    void whereTheLogIsAnotherOneOfTheSameLengthFollowersStartAnew() {
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        registry.disable(Actor.ANONYMOUS, SQL);
        await(() -> recorder.events.size() == 1);
        FeedPlace seen = log.place();
        database.transaction(tx -> {
            tx.sql("UPDATE change_events SET mark = mark + 1").update();
            return 0;
        });
        append(1);
        hub.changed();

        await(() -> recorder.ends.get() == 1);
        assertThat(recorder.events).hasSize(1);
        Recorder again = new Recorder();
        hub.follow("one", Optional.of(seen), again, _ -> {});
        assertThat(again.snapshots).hasSize(1);
    }

    @Test
    void whereTheLogGoesBackFollowersStartAnew() {
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        registry.disable(Actor.ANONYMOUS, SQL);
        await(() -> recorder.events.size() == 1);
        database.transaction(tx -> {
            tx.sql("DELETE FROM change_events").update();
            return tx.sql("UPDATE feed_position SET sequence = sequence - 5").update();
        });

        await(() -> recorder.ends.get() == 1);
    }

    @Test
    void theLogIsReadOnOnceItCanBeReadAgain() {
        Recorder recorder = new Recorder();
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        database.transaction(tx -> tx.sql("ALTER TABLE change_events RENAME TO gone").update());
        await(() -> !loops.failures().getOrDefault("feed", 0L).equals(0L));
        database.transaction(tx -> tx.sql("ALTER TABLE gone RENAME TO change_events").update());
        append(1);

        await(() -> recorder.events.size() == 1);
    }

    @Test
    void aFollowerThatCantBeToldIsLetGoAndOthersHearOn() {
        Recorder broken =
                new Recorder() {
                    @Override
                    public void say(FeedMessage message) {
                        if (message instanceof FeedMessage.Change) {
                            throw new IllegalStateException("nobody thought of it");
                        }
                        super.say(message);
                    }
                };
        Recorder recorder = new Recorder();
        hub.follow("broken", Optional.empty(), broken, _ -> {});
        hub.follow("one", Optional.empty(), recorder, _ -> {});
        append(2);

        await(() -> recorder.events.size() == 2);
        assertThat(broken.ends).hasValue(1);
        assertThat(hub.followers()).isEqualTo(1);
    }

    private CatalogEvent.Snapshot snapshot() {
        Recorder recorder = new Recorder();
        hub.leave(hub.follow("one", Optional.empty(), recorder, _ -> {}));
        return recorder.snapshots.getFirst();
    }

    private void append(int events) {
        database.transaction(tx -> {
            for (int i = 0; i < events; i++) {
                tx.sql("UPDATE feed_position SET sequence = sequence + 1").update();
                tx.sql(
                                """
                                INSERT INTO change_events (sequence, kind, data)
                                SELECT sequence, 'withdrawn', CAST(:data AS VARCHAR)
                                FROM feed_position
                                """)
                        .param(
                                "data",
                                "{\"sequence\":1,\"id\":{\"tenant\":\"default\",\"name\":\"x\"}}")
                        .update();
            }
            return events;
        });
    }
}
