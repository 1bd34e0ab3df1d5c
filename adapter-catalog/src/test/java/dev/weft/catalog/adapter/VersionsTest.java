package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which versions a name has, and whose they are, on every database. */
@OnEachDatabase
class VersionsTest extends StoreFixture {
    VersionsTest(EmptyDatabases databases) {
        super(databases);
    }

    @Test
    void aNewVersionTakesTheNameAndTheOneBeforeStaysForPins() {
        publish(SQL, 'a');
        long start = log.position();
        publish(SQL, 'b');

        assertThat(states(SQL)).containsExactly(VersionState.Ready, VersionState.Ready);
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Published(
                                start + 1,
                                new CatalogEntry(
                                        SQL,
                                        List.of(share(SQL, 2, 'b', 1), share(SQL, 1, 'a', 0)),
                                        Audience.NOBODY)));
        assertThat(snapshot().entries())
                .containsExactly(((CatalogEvent.Published) events(start).getFirst()).entry());
    }

    @Test
    void onlySoManyVersionsAreKeptThatOthersFollowed() {
        String contents = "abcdef0123";
        contents.chars().forEach(content -> publish(SQL, (char) content));

        assertThat(states(SQL).subList(0, 1 + Succession.KEPT)).containsOnly(VersionState.Ready);
        assertThat(states(SQL).subList(1 + Succession.KEPT, contents.length()))
                .containsOnly(VersionState.Retired);
        assertThat(snapshot().entries().getFirst().shares()).hasSize(1 + Succession.KEPT);
    }

    @Test
    void theSameContentLeavesTheVersionThatIsThere() {
        long first = publish(SQL, 'a');
        long start = log.position();
        long again = converting(SQL);
        Version result = ledger.publish(again, content('a'), List.of()).orElseThrow();

        assertThat(result.id()).isEqualTo(first);
        assertThat(registry.find(SQL).versions()).extracting(Version::id).containsExactly(first);
        assertThat(registry.version(again).id()).isEqualTo(first);
        assertThat(events(start)).isEmpty();
        assertThat(ledger.unfinished()).isEmpty();
    }

    @Test
    void theSameContentFromElsewhereIsTheSameVersionFoundThere() {
        long first = publish(SQL, 'a');
        long start = log.position();
        long again = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        ledger.fetching(again);
        ledger.validating(again, null);
        ledger.converting(again);
        Version result = ledger.publish(again, content('a'), List.of(WARNING)).orElseThrow();

        assertThat(result.id()).isEqualTo(first);
        assertThat(result.origin().repository()).isEqualTo(FOLDER);
        assertThat(result.origin().resolved()).isNull();
        assertThat(result.findings().warnings()).containsExactly(WARNING);
        assertThat(registry.find(SQL).versions()).containsExactly(result);
        assertThat(snapshot().entries())
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.main().orElseThrow().root())
                                .isEqualTo("FILE:/adapters/sql"));
        assertThat(events(start))
                .singleElement()
                .satisfies(event -> assertThat(FeedCodec.encode(event)).contains("/adapters/sql"));
    }

    @Test
    void theSameContentLeavesADisabledVersionDisabled() {
        publish(SQL, 'a');
        registry.disable(Actor.ANONYMOUS, SQL);
        long start = log.position();
        publish(SQL, 'a');

        assertThat(states(SQL)).containsExactly(VersionState.Disabled);
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)),
                        new CatalogEvent.Withdrawn(start + 2, SQL));
    }

    @Test
    void theSuccessorOfADisabledVersionIsDisabledAndRetiresNone() {
        publish(SQL, 'a');
        publish(SQL, 'b');
        registry.disable(Actor.ANONYMOUS, SQL);
        long start = log.position();
        long next = converting(SQL);
        Version result = ledger.publish(next, content('c'), List.of()).orElseThrow();

        assertThat(result.lifecycle().state()).isEqualTo(VersionState.Disabled);
        assertThat(states(SQL)).hasSize(3).containsOnly(VersionState.Disabled);
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)),
                        new CatalogEvent.Withdrawn(start + 2, SQL));
        assertThat(snapshot().entries()).isEmpty();
        assertThat(new AuditLog(database).page("default", Long.MAX_VALUE, 1).getFirst().after())
                .contains("\"state\":\"Disabled\"");

        publish(SQL, 'a'); // an earlier content moves to the top, and stays withdrawn
        assertThat(states(SQL)).hasSize(3).containsOnly(VersionState.Disabled);
        registry.enable(Actor.ANONYMOUS, SQL);
        assertThat(states(SQL)).hasSize(3).containsOnly(VersionState.Ready);
        assertThat(snapshot().entries().getFirst().main().orElseThrow().number()).isEqualTo(1);
    }

    @Test
    void aNumberMeansOneContentAlsoAfterTheNameWasRemoved() {
        publish(SQL, 'a');
        publish(SQL, 'b');
        registry.remove(Actor.ANONYMOUS, SQL);
        publish(SQL, 'c');
        publish(SQL, 'a');
        publish(new AdapterId("other", "sql"), 'b');

        assertThat(registry.find(SQL).versions()).extracting(Version::number).containsExactly(1, 3);
        assertThat(registry.find(new AdapterId("other", "sql")).versions())
                .extracting(Version::number)
                .containsExactly(1);
    }

    /** As earlier catalogs numbered: each adapter of a name from 1. */
    @Test
    void aNumberThatMeantTwoContentsStaysWithTheOneThatIsThere() {
        publish(SQL, 'a');
        registry.remove(Actor.ANONYMOUS, SQL);
        long there = publish(SQL, 'b');
        database.transaction(tx ->
                tx.sql("UPDATE versions SET number = 1 WHERE id = :id")
                        .param("id", there)
                        .update());
        publish(SQL, 'a');

        assertThat(registry.find(SQL).versions()).extracting(Version::number).containsExactly(2, 1);
    }

    @Test
    void theContentOfAnEarlierVersionIsServedAgainUnderItsNumber() {
        long first = publish(SQL, 'a');
        publish(SQL, 'b');
        long back = publish(SQL, 'a');

        assertThat(registry.find(SQL).versions())
                .extracting(v -> v.content().orElseThrow().digest().hex().charAt(0))
                .containsExactly('a', 'b');
        assertThat(states(SQL)).containsExactly(VersionState.Ready, VersionState.Ready);
        assertThat(registry.find(SQL).versions()).extracting(Version::number).containsExactly(1, 2);
        assertThat(registry.version(first).id()).isEqualTo(back);
    }

    @Test
    void anOlderRegistrationThatIsDoneLaterChangesNothing() {
        long older = converting(SQL);
        long newer = publish(SQL, 'b');
        long start = log.position();
        Version late = ledger.publish(older, content('a'), List.of()).orElseThrow();

        assertThat(late.lifecycle().state()).isEqualTo(VersionState.Retired);
        assertThat(registry.version(newer).lifecycle().state()).isEqualTo(VersionState.Ready);
        assertThat(events(start)).isEmpty();
    }

    @Test
    void aMergedRegistrationCountsAsTheNewest() {
        publish(SQL, 'a');
        long middle = converting(SQL);
        publish(SQL, 'a');
        ledger.publish(middle, content('b'), List.of());

        assertThat(states(SQL)).containsExactly(VersionState.Retired, VersionState.Ready);
    }

    @Test
    void aVersionIsClaimedByOneCatalogAndStepsOfAnotherAreNotMade() {
        IngestLedger other =
                new IngestLedger(database, new AliasedNames(), "other", CLOCK, () -> {});
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThat(ledger.claimable(0, 9)).containsExactly(id);
        assertThat(ledger.claim(id)).isTrue();
        assertThat(ledger.claim(id)).isTrue();
        assertThat(other.claim(id)).isFalse();
        assertThat(other.claimable(0, 9)).isEmpty();
        assertThat(ledger.claimable(0, 9)).containsExactly(id);
        assertThat(other.fetching(id)).isFalse();
        assertThat(other.reject(id, List.of(REASON))).isFalse();
        assertThat(other.publish(id, content('a'), List.of())).isEmpty();
        assertThat(ledger.fetching(id)).isTrue();

        ledger.release(id);
        assertThat(other.claim(id)).isTrue();
        assertThat(ledger.fetching(id)).isFalse();
        other.renew(List.of(id));
        assertThat(ledger.claim(id)).isFalse();
    }

    @Test
    void aClaimThatHasRunOutIsTakenOver() {
        IngestLedger other =
                new IngestLedger(database, new AliasedNames(), "other", CLOCK, () -> {});
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThat(ledger.claim(id)).isTrue();
        database.transaction(tx ->
                tx.sql(
                                """
                                UPDATE versions
                                SET claimed_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND
                                """)
                        .update());
        assertThat(other.claimable(0, 9)).containsExactly(id);
        assertThat(other.claim(id)).isTrue();
        assertThat(ledger.converting(id)).isFalse();
    }

    @Test
    void ofManyThatClaimAtOnceOneSucceeds() throws Exception {
        for (int round = 0; round < 5; round++) {
            long id = registry.register(Actor.ANONYMOUS, AdapterId.of("a" + round), HUB).id();
            List<Boolean> claims =
                    inParallel(
                            IntStream.range(0, 12)
                                    .mapToObj(i ->
                                            new IngestLedger(
                                                    database,
                                                    new AliasedNames(),
                                                    "c" + i,
                                                    CLOCK,
                                                    () -> {}))
                                    .<Callable<Boolean>>map(each -> () -> each.claim(id))
                                    .toList());
            assertThat(claims).containsOnlyOnce(true);
        }
    }

    @Test
    void twoNamesMayHoldTheSameContent() {
        publish(SQL, 'a');
        publish(AdapterId.of("owner/sql"), 'a');

        assertThat(snapshot().entries())
                .extracting(e -> e.id().name())
                .contains("sql", "owner/sql");
    }
}
