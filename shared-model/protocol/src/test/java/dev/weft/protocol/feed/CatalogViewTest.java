package dev.weft.protocol.feed;

import static dev.weft.protocol.feed.Entries.digest;
import static dev.weft.protocol.feed.Entries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CatalogViewTest {
    private final CatalogView view = new CatalogView();

    @Test
    void aNameIsComingUntilItLeadsToSomethingOrIsGivenUp() {
        AdapterId sql = AdapterId.of("sql");
        view.apply(
                new CatalogEvent.Snapshot(
                        1, List.of(), List.of(), Set.of(new ComingName(AdapterId.of("json")))));
        assertThat(view.isComing("default", "json")).isTrue();
        assertThat(view.isComing("default", "sql")).isFalse();
        assertThat(view.isComing("default", "no name")).isFalse();
        assertThat(view.isComing("team", "json")).isFalse();

        view.apply(new CatalogEvent.Withdrawn(2, new ComingName(sql)));
        assertThat(view.isComing("default", "sql")).isTrue();
        assertThat(view.find("sql")).isEmpty();
        view.apply(new CatalogEvent.Published(3, entry("sql", 1)));
        assertThat(view.isComing("default", "sql")).isFalse();

        view.apply(new CatalogEvent.Withdrawn(4, new ComingName(sql)));
        view.apply(new CatalogEvent.Withdrawn(5, sql));
        assertThat(view.isComing("default", "sql")).isFalse();
        view.apply(new CatalogEvent.Snapshot(6, List.of()));
        assertThat(view.isComing("default", "json")).isFalse();
    }

    @Test
    void knowsTheBaseOfANameThatIsComing() {
        CatalogBase first = new CatalogBase(2, "first", "HF:o/first");
        CatalogBase second = new CatalogBase(5, "second", "HF:o/second");
        view.apply(
                new CatalogEvent.Snapshot(
                        1,
                        List.of(first, second),
                        List.of(),
                        Set.of(
                                new ComingName(AdapterId.of("json"), 5),
                                new ComingName(AdapterId.of("sql")))));
        assertThat(view.comingBase("default", "json")).contains(second);
        assertThat(view.comingBase("default", "sql")).isEmpty();
        view.apply(new CatalogEvent.Withdrawn(2, new ComingName(AdapterId.of("sql"), 2)));
        assertThat(view.comingBase("default", "sql")).contains(first);
        view.apply(new CatalogEvent.Withdrawn(3, AdapterId.of("sql")));
        assertThat(view.comingBase("default", "sql")).isEmpty();
    }

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
        assertThat(view.find(AdapterId.of("sql"))).contains(entry("sql", 1));
        assertThat(view.find(digest(3))).contains(entry("french", 3));
        assertThat(view.entries())
                .extracting(entry -> entry.id().name())
                .containsExactly("french", "json", "sql");
    }

    @Test
    void aNamePublishedAgainStandsForTheNewDigestOnly() {
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", 1))));
        view.apply(new CatalogEvent.Published(2, entry("sql", 2)));

        assertThat(view.find(AdapterId.of("sql"))).contains(entry("sql", 2));
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
        assertThat(view.find(AdapterId.of("sql"))).contains(entry("sql", 1));
    }

    @Test
    void aSnapshotTellsThatTokensMayHaveChanged() {
        List<Boolean> told = new ArrayList<>();
        view.whenAnyTokenMayHaveChanged(() -> told.add(view.find("sql").isPresent()));
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", 1))));
        view.apply(new CatalogEvent.Published(2, entry("json", 2)));
        assertThat(told).containsExactly(true);
        view.apply(new CatalogEvent.Snapshot(2, List.of(entry("sql", 1))));
        assertThat(told).hasSize(2);
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

    @Test
    void whatIsPrivateIsToOthersAsIfItWereNotThere() {
        view.apply(new CatalogEvent.Snapshot(1, List.of(owned("acme", "sql", 1, Audience.NOBODY))));

        assertThat(view.find("acme", "sql")).isPresent();
        assertThat(view.find("acme", digest(1).toString())).isPresent();
        for (String model : List.of("sql", "acme/sql", "acme/sql@1", digest(1).toString())) {
            assertThat(view.find("other", model)).as(model).isEmpty();
        }
        assertThat(view.visibleTo("other")).isEmpty();
        assertThat(view.visibleTo("acme")).containsOnlyKeys("sql");
    }

    @Test
    void whatIsSharedIsFoundBehindItsOwnersName() {
        view.apply(
                new CatalogEvent.Snapshot(
                        1,
                        List.of(
                                owned("acme", "sql", 1, new Audience(List.of("friend"))),
                                owned("acme", "all", 2, Audience.EVERYONE),
                                owned("friend", "sql", 3, Audience.NOBODY))));

        assertThat(view.visibleTo("friend")).containsOnlyKeys("acme/all", "acme/sql", "sql");
        assertThat(view.visibleTo("other")).containsOnlyKeys("acme/all");
        assertThat(meant("friend", "sql")).isEqualTo(digest(3));
        assertThat(meant("friend", "acme/sql")).isEqualTo(digest(1));
        assertThat(meant("friend", "acme/sql@1")).isEqualTo(digest(1));
        assertThat(meant("friend", digest(1).toString())).isEqualTo(digest(1));
        assertThat(view.find("other", "acme/sql")).isEmpty();
    }

    @Test
    void aPinLeadsToItsVersionAndTheNameToTheOneWithWeight() {
        ServedVersion old = entry("sql", 1).shares().getFirst().version();
        ServedVersion now =
                new ServedVersion(
                        old.adapter(), 2, digest(2), old.facts(), old.root(), old.created());
        view.apply(
                new CatalogEvent.Snapshot(
                        1,
                        List.of(
                                new CatalogEntry(
                                        old.adapter(),
                                        List.of(new Share(now, 1), new Share(old, 0)),
                                        Audience.NOBODY),
                                new CatalogEntry(
                                        AdapterId.of("prod"),
                                        List.of(new Share(old, 1)),
                                        Audience.NOBODY))));

        assertThat(meant("default", "sql")).isEqualTo(digest(2));
        assertThat(meant("default", "prod")).isEqualTo(digest(1));
        assertThat(meant("default", "sql@1")).isEqualTo(digest(1));
        assertThat(meant("default", "sql@2")).isEqualTo(digest(2));
        assertThat(meant("default", digest(1).toString())).isEqualTo(digest(1));
        for (String model :
                List.of("sql@3", "sql@0", "sql@", "sql@01", "sql@x", "@1", "prod@1", "sha256:1")) {
            assertThat(view.find(model)).as(model).isEmpty();
        }
        view.apply(
                new CatalogEvent.Published(
                        2,
                        new CatalogEntry(
                                old.adapter(), List.of(new Share(now, 0)), Audience.NOBODY)));
        assertThat(view.find("sql")).isEmpty();
        assertThat(view.find("sql@1")).isEmpty();
        assertThat(meant("default", "sql@2")).isEqualTo(digest(2));
        assertThat(view.visibleTo("default")).containsOnlyKeys("prod");
    }

    @Test
    void theSoleVersionIsTheOneThatEveryNameLeadsTo() {
        assertThat(view.sole("qwen")).isEmpty();
        view.apply(new CatalogEvent.Snapshot(1, List.of(entry("a", 1), entry("b", 1))));
        assertThat(view.sole("qwen")).map(ServedVersion::digest).contains(digest(1));
        view.apply(new CatalogEvent.Published(2, entry("c", 2)));
        assertThat(view.sole("qwen")).isEmpty();
    }

    @Test
    void aVersionIsOfItsBaseWhateverTheBaseIsCalled() {
        ServedVersion first = over("a", 1, ServedVersion.FIRST_BASE);
        ServedVersion second = over("b", 2, 5);
        assertThat(view.base(first)).isEmpty();
        assertThat(view.isOf("qwen", second)).isTrue(); // a catalog that knows of one base
        CatalogBase qwen = new CatalogBase(3, "qwen", "HF:org/qwen");
        CatalogBase llama = new CatalogBase(5, "llama", "HF:org/llama");
        view.apply(
                new CatalogEvent.Snapshot(
                        1, List.of(qwen, llama), List.of(named(first), named(second)), Set.of()));
        assertThat(view.base(first)).contains(qwen);
        assertThat(view.base(second)).contains(llama);
        assertThat(view.isOf("qwen", first)).isTrue();
        assertThat(view.isOf("qwen", second)).isFalse();
        assertThat(view.mayBeOf("qwen", first.digest())).isTrue();
        assertThat(view.mayBeOf("qwen", second.digest())).isFalse();
        assertThat(view.mayBeOf("qwen", Entries.digest(99))).isTrue();
        assertThat(view.sole("qwen")).contains(first);
        assertThat(view.sole("llama")).contains(second);
        CatalogBase renamed = new CatalogBase(5, "llama-3", "HF:org/llama");
        view.apply(new CatalogEvent.BasesChanged(1, List.of(renamed)));
        assertThat(view.bases()).containsExactly(qwen, llama); // an old event
        view.apply(new CatalogEvent.BasesChanged(2, List.of(qwen, renamed)));
        assertThat(view.isOf("llama-3", second)).isTrue();
        view.apply(new CatalogEvent.BasesChanged(3, List.of(qwen)));
        assertThat(view.base(second)).isEmpty();
        assertThat(view.isOf("llama-3", second)).isFalse();
    }

    private static CatalogEntry named(ServedVersion version) {
        return new CatalogEntry(version.adapter(), List.of(new Share(version, 1)), Audience.NOBODY);
    }

    private static ServedVersion over(String name, int content, long base) {
        ServedVersion version = entry(name, content).main().orElseThrow();
        return new ServedVersion(
                version.adapter(),
                1,
                version.digest(),
                version.facts(),
                version.root(),
                version.created(),
                base);
    }

    private AdapterDigest meant(String tenant, String model) {
        return view.find(tenant, model).flatMap(s -> s.choose("any")).orElseThrow().digest();
    }

    private static CatalogEntry owned(String tenant, String name, long number, Audience audience) {
        ServedVersion version = Entries.entry(name, number).shares().getFirst().version();
        AdapterId id = new AdapterId(tenant, name);
        return new CatalogEntry(
                id,
                List.of(
                        new Share(
                                new ServedVersion(
                                        id,
                                        1,
                                        version.digest(),
                                        version.facts(),
                                        version.root(),
                                        version.created()),
                                1)),
                audience);
    }

    /**
     * If each event copied the names, or each digest went through them, this would take minutes.
     */
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
                                        .filter(e -> e.pinned(digest(7)).isEmpty())
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
