package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.feed.FeedEvent;
import dev.weft.catalog.feed.FeedPlace;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the log of changes holds, on every database. */
@OnEachDatabase
class LoggedChangesTest extends StoreFixture {
    LoggedChangesTest(EmptyDatabases databases) {
        super(databases);
    }

    @Test
    void aFollowerCanResumeWhileTheLogHoldsWhatItMissed() {
        long start = log.position();
        publish(SQL, 'a');
        registry.disable(Actor.ANONYMOUS, SQL);

        List<FeedPlace> places = log.after(start, 10).stream().map(FeedEvent::at).toList();
        assertThat(places).hasSize(3).allMatch(log::canResumeAfter);
        assertThat(places).last().isEqualTo(log.place());
        long mark = log.place().mark();
        assertThat(log.canResumeAfter(new FeedPlace(start + 4, mark))).isFalse();
        assertThat(log.canResumeAfter(new FeedPlace(7, mark))).isFalse();
    }

    @Test
    void eventsOfOneNumberInTwoLivesOfADatabaseAreTwoPlaces() {
        publish(SQL, 'a');
        FeedPlace before = log.place();
        database.transaction(tx -> {
            tx.sql("DELETE FROM change_events WHERE sequence = :last")
                    .param("last", before.sequence())
                    .update();
            return tx.sql("UPDATE feed_position SET sequence = sequence - 1").update();
        });
        assertThat(log.canResumeAfter(before)).isFalse();
        registry.disable(Actor.ANONYMOUS, SQL);

        assertThat(log.position()).isEqualTo(before.sequence());
        assertThat(log.canResumeAfter(before)).isFalse();
        assertThat(log.canResumeAfter(log.place())).isTrue();
    }

    @Test
    void theLogForgetsTheOldestEvents() {
        publish(SQL, 'a');
        FeedPlace first = log.place();
        database.transaction(tx -> {
            tx.sql("UPDATE feed_position SET sequence = sequence + :events")
                    .param("events", EventTable.KEPT)
                    .update();
            EventTable.withdrawn(tx, SQL, null);
            return 0;
        });

        assertThat(log.canResumeAfter(first)).isFalse();
        assertThat(log.canResumeAfter(log.place())).isTrue();
    }

    @Test
    void concurrentRegistrationsOfOneNameAreAllThereOnce() throws Exception {
        List<Version> versions =
                inParallel(
                        IntStream.range(0, 24)
                                .<Callable<Version>>mapToObj(
                                        i -> () -> registry.register(Actor.ANONYMOUS, SQL, HUB))
                                .toList());

        assertThat(versions).extracting(Version::id).doesNotHaveDuplicates();
        assertThat(registry.find(SQL).versions())
                .extracting(Version::id)
                .containsExactlyInAnyOrderElementsOf(versions.stream().map(Version::id).toList());
        assertThat(registry.list(AdapterId.DEFAULT_TENANT, "", 10).items()).hasSize(1);
    }

    @Test
    void concurrentIngestsOfOneNameEndWithTheNewestAndOneOfEachDigest() throws Exception {
        List<Long> ids = IntStream.range(0, 12).mapToObj(i -> converting(SQL)).toList();
        inParallel(
                ids.stream()
                        .<Callable<Object>>map(id ->
                                () ->
                                        ledger.publish(
                                                id,
                                                content("abc".charAt((int) (id % 3))),
                                                List.of()))
                        .toList());

        char newest = "abc".charAt((int) (ids.getLast() % 3));
        List<Version> versions = registry.find(SQL).versions();
        assertThat(versions)
                .extracting(v -> v.content().orElseThrow().digest())
                .doesNotHaveDuplicates();
        assertThat(versions).extracting(Version::number).doesNotHaveDuplicates();
        assertThat(snapshot().entries())
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.main().orElseThrow().digest())
                                .isEqualTo(content(newest).digest()));
    }

    @Test
    void readersSeeEveryEventOnceWhileManyWrite() throws Exception {
        long start = log.position();
        List<String> names = IntStream.range(0, 8).mapToObj(i -> "adapter-" + i).toList();
        names.forEach(name -> publish(AdapterId.of(name), 'a'));
        List<Callable<Object>> work = new ArrayList<>();
        for (String name : names) {
            work.add(() -> {
                for (int i = 0; i < 5; i++) {
                    registry.disable(Actor.ANONYMOUS, AdapterId.of(name));
                    registry.enable(Actor.ANONYMOUS, AdapterId.of(name));
                }
                return name;
            });
        }
        List<FeedEvent> read = new ArrayList<>();
        work.add(() -> {
            long last = start;
            while (read.size() < 2 * 8 + 80) {
                List<FeedEvent> next = log.after(last, 7);
                read.addAll(next);
                last = next.isEmpty() ? last : next.getLast().sequence();
            }
            return read;
        });
        inParallel(work);

        assertThat(read)
                .extracting(FeedEvent::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(start + 1, start + 96).boxed().toList());
        CatalogView view = new CatalogView();
        view.apply(new CatalogEvent.Snapshot(start, List.of()));
        read.forEach(event -> view.apply(FeedCodec.decode(event.kind(), event.data())));
        assertThat(view.entries()).hasSize(8).hasSameElementsAs(snapshot().entries());
    }

    /** Names are written again if an older catalog, which keeps none, wrote to the feed. */
    @Test
    void namesThatAnOlderCatalogLeftBehindAreWrittenAnew() {
        for (int i = 0; i < 501; i++) {
            publish(AdapterId.of("a" + i), 'a');
        }
        publish(SQL, 'b');
        database.transaction(tx -> {
            tx.sql("DELETE FROM feed_entries WHERE name LIKE 'a1%'").update();
            tx.sql("UPDATE feed_entries SET entry = '{}' WHERE name = 'sql'").update();
            return tx.sql("UPDATE feed_position SET sequence = sequence + 1 WHERE id = 1").update();
        });
        registry.disable(Actor.ANONYMOUS, AdapterId.of("a7"));

        assertThat(snapshot().entries()).hasSize(501);
        registry.remove(Actor.ANONYMOUS, SQL);
        publish(AdapterId.of("later"), 'c');
        assertThat(snapshot().entries()).hasSize(501);
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        assertThatThrownBy(() ->
                        database.transaction(tx -> {
                            EventTable.withdrawn(tx, SQL, null);
                            throw new IllegalStateException("stop");
                        }))
                .hasMessage("stop");
        assertThat(events(log.position() - 1)).isEmpty();
    }

    @Test
    void whatIsStoredIsThereAfterOpeningItAgain() {
        long id = publish(SQL, 'a');
        long position = log.position();
        openAgain();

        assertThat(registry.find(SQL).versions()).extracting(Version::id).containsExactly(id);
        assertThat(log.position()).isEqualTo(position);
    }
}
