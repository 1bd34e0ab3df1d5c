package dev.weft.model.feed;

import static dev.weft.model.feed.Entries.digest;
import static dev.weft.model.feed.Entries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.adapter.AdapterId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CatalogViewTest {
    private final CatalogView view = new CatalogView();

    @Test
    void knowsNothingBeforeTheFirstSnapshot() {
        assertThat(view.initialised()).isFalse();
        assertThat(view.find("sql")).isEmpty();
        assertThat(view.find(digest(1))).isEmpty();
        assertThat(view.entries()).isEmpty();
    }

    @Test
    void findsByNameAndByDigestWhatWasPublished() {
        view.apply(new CatalogEvent.Snapshot(3, List.of(entry("sql", 1), entry("json", 2))));
        view.apply(new CatalogEvent.Published(4, entry("french", 3)));

        assertThat(view.initialised()).isTrue();
        assertThat(view.sequence()).isEqualTo(4);
        assertThat(view.find("sql")).contains(entry("sql", 1));
        assertThat(view.find(digest(3))).contains(entry("french", 3));
        assertThat(view.entries())
                .extracting(entry -> entry.id().name())
                .containsExactly("french", "json", "sql");
    }

    @Test
    void aNamePublishedAgainStandsForTheNewDigestOnly() {
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", 1))));
        view.apply(new CatalogEvent.Published(2, entry("sql", 2)));

        assertThat(view.find("sql")).contains(entry("sql", 2));
        assertThat(view.find(digest(1))).isEmpty();
        assertThat(view.find(digest(2))).contains(entry("sql", 2));
    }

    @Test
    void aDigestWithTwoNamesIsFoundUntilTheLastOneGoes() {
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("b", 1), entry("a", 1))));

        assertThat(view.find(digest(1))).contains(entry("a", 1));
        view.apply(new CatalogEvent.Withdrawn(2, AdapterId.of("a")));
        assertThat(view.find(digest(1))).contains(entry("b", 1));
        view.apply(new CatalogEvent.Withdrawn(3, AdapterId.of("b")));
        assertThat(view.find(digest(1))).isEmpty();
    }

    @Test
    void eventsOlderThanWhatIsKnownChangeNothing() {
        view.apply(new CatalogEvent.Snapshot(5, List.of(entry("sql", 1))));
        view.apply(new CatalogEvent.Withdrawn(5, AdapterId.of("sql")));
        view.apply(new CatalogEvent.Published(4, entry("sql", 2)));

        assertThat(view.sequence()).isEqualTo(5);
        assertThat(view.find("sql")).contains(entry("sql", 1));
    }

    @Test
    void aSnapshotReplacesEverythingEvenWithALowerSequence() {
        view.apply(new CatalogEvent.Snapshot(50, List.of(entry("sql", 1))));
        view.apply(new CatalogEvent.Snapshot(2, List.of(entry("json", 2))));

        assertThat(view.sequence()).isEqualTo(2);
        assertThat(view.find("sql")).isEmpty();
        assertThat(view.find(digest(1))).isEmpty();
        assertThat(view.find("json")).isPresent();
    }

    @Test
    void textThatIsNoNameIsNotFound() {
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", 1))));
        for (String text : List.of("", "../sql", " sql", "sql/", "a".repeat(129))) {
            assertThat(view.find(text)).as(text).isEmpty();
        }
    }

    /** Copying the names for each event, or going through them for a digest, would take minutes. */
    @Test
    @Timeout(20)
    void aHundredThousandAdaptersAreFine() {
        int count = 100_000;
        view.apply(
                new CatalogEvent.Snapshot(
                        1, LongStream.range(0, count).mapToObj(i -> entry("a" + i, i)).toList()));
        for (int i = 0; i < count; i++) {
            view.apply(new CatalogEvent.Published(2 + i, entry("a" + i, count + i)));
            assertThat(view.find(digest(count + i))).isPresent();
            assertThat(view.find(digest(i))).isEmpty();
        }
        assertThat(view.size()).isEqualTo(count);
    }

    @Test
    void aReaderNeverMissesANameWhileItIsPublishedAgain() throws InterruptedException {
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", 0))));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        Thread reader =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!done.get()) {
                                if (view.find("sql").isEmpty() || view.entries().size() != 1) {
                                    wrong.set("missed");
                                }
                                view.find(digest(7))
                                        .filter(e -> !e.digest().equals(digest(7)))
                                        .ifPresent(e -> wrong.set("other digest " + e));
                            }
                        });
        for (int i = 2; i < 20_000; i++) {
            view.apply(
                    i % 100 == 0
                            ? new CatalogEvent.Snapshot(i, List.of(entry("sql", 7)))
                            : new CatalogEvent.Published(i, entry("sql", i % 9)));
        }
        done.set(true);
        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
        assertThat(wrong.get()).isNull();
    }
}
