package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.access.key.TokenHash;
import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.database.RefusedValueException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.feed.FeedEvent;
import dev.weft.catalog.feed.FeedPlace;
import dev.weft.catalog.feed.PublishedNames;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.EngineSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does on every database. */
@OnEachDatabase
class StoreTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final AdapterId SQL = AdapterId.of("sql");
    private static final RepositoryRef HUB =
            new RepositoryRef(RepositorySource.HF, "owner/name", "main");
    private static final RepositoryRef FOLDER =
            new RepositoryRef(RepositorySource.FILE, "/adapters/sql", null);
    private static final Reason WARNING =
            new Reason("OTHER_BASE", "adapter_config.json", null, "x", "y", "another base");
    private static final Reason REASON =
            new Reason("RANK_OVER_MAXIMUM", "adapter_config.json", "r", "64", "8", "too large");

    private final EmptyDatabases databases;
    @TempDir private Path data;
    @AutoClose private Database database;
    private Registry registry;
    private IngestLedger ledger;
    private ChangeLog log;

    StoreTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void connect() throws Exception {
        connect(databases.create(data));
    }

    private void connect(Database opened) {
        database = opened;
        registry = new Registry(database, new AliasedNames(), CLOCK, () -> {}, RoomForAll.ROOM);
        ledger = new IngestLedger(database, new AliasedNames(), "one", CLOCK, () -> {});
        log = new ChangeLog(database);
    }

    @Test
    void aRegistrationIsThereWithWhatWasAsked() {
        Version version = registry.register(Actor.ANONYMOUS, SQL, HUB);

        assertThat(version.lifecycle().state()).isEqualTo(VersionState.Registered);
        assertThat(version.origin().repository()).isEqualTo(HUB);
        assertThat(version.times().created()).isEqualTo(NOW);
        assertThat(registry.find(SQL).versions()).containsExactly(version);
        assertThat(ledger.unfinished()).containsExactly(version);
        assertThat(
                        registry.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER)
                                .origin()
                                .repository())
                .isEqualTo(FOLDER);
    }

    @Test
    void aTenantHasSoManyAdaptersAndOthersTheirs() {
        Registry small =
                new Registry(
                        database,
                        new AliasedNames(),
                        CLOCK,
                        () -> {},
                        new TenantRoom("adapters", 2, "the.setting"));
        small.register(Actor.ANONYMOUS, SQL, HUB);
        small.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER);
        AdapterId third = AdapterId.of("c");
        assertThatThrownBy(() -> small.register(Actor.ANONYMOUS, third, HUB))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tenant 'default' has 2 adapters: the.setting allows 2");
        assertThatThrownBy(() -> small.find(third)).isInstanceOf(NotFoundException.class);
        small.register(Actor.ANONYMOUS, SQL, FOLDER);
        small.register(Actor.ANONYMOUS, new AdapterId("other", "c"), HUB);
    }

    @Test
    void anAdapterThatWasRemovedLeavesItsRoom() {
        Registry small =
                new Registry(
                        database,
                        new AliasedNames(),
                        CLOCK,
                        () -> {},
                        new TenantRoom("adapters", 1, "the.setting"));
        for (int i = 0; i < 3; i++) {
            small.register(Actor.ANONYMOUS, SQL, HUB);
            small.remove(Actor.ANONYMOUS, SQL);
        }
        small.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER);
        assertThatThrownBy(() -> small.register(Actor.ANONYMOUS, SQL, HUB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("has 1 adapters");
    }

    @Test
    void aValueThatTheDatabaseDoesNotHoldIsNoOutage() {
        assertThatThrownBy(() ->
                        database.transaction(tx ->
                                tx.sql("SELECT CAST(:text AS INTEGER)")
                                        .param("text", "x")
                                        .query(Integer.class)
                                        .single()))
                .isInstanceOf(RefusedValueException.class)
                .hasMessageNotContaining("SELECT");
    }

    @Test
    void aVersionGoesItsWayAndIsPublished() {
        long start = log.position();
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThat(ledger.fetching(id)).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Fetching);
        assertThat(ledger.validating(id, "c0ffee")).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Validating);
        assertThat(ledger.converting(id)).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Converting);
        Version ready = ledger.publish(id, content('a'), List.of(WARNING)).orElseThrow();

        assertThat(ready.lifecycle().state()).isEqualTo(VersionState.Ready);
        assertThat(ready.content()).contains(content('a'));
        assertThat(ready.findings().warnings()).containsExactly(WARNING);
        assertThat(ready.origin().resolved()).isEqualTo("c0ffee");
        assertThat(ledger.unfinished()).isEmpty();
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)),
                        new CatalogEvent.Published(start + 2, entry(SQL, 'a')));
        assertThat(snapshot())
                .isEqualTo(new CatalogEvent.Snapshot(start + 2, List.of(entry(SQL, 'a'))));
    }

    @Test
    void aNameIsComingWhileItLeadsToNothingAndAVersionIsMadeReady() {
        long start = log.position();
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        long second = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        assertThat(events(start))
                .containsExactly(new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)));
        assertThat(log.names().coming()).containsExactly(new ComingName(SQL));

        assertThat(ledger.reject(first, List.of(WARNING))).isTrue();
        assertThat(log.names().coming()).containsExactly(new ComingName(SQL));
        assertThat(ledger.reject(second, List.of(WARNING))).isTrue();
        assertThat(log.names().coming()).isEmpty();
        assertThat(events(start + 1)).containsExactly(new CatalogEvent.Withdrawn(start + 2, SQL));

        registry.register(Actor.ANONYMOUS, SQL, HUB);
        registry.remove(Actor.ANONYMOUS, SQL);
        assertThat(events(start + 2))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 3, new ComingName(SQL)),
                        new CatalogEvent.Withdrawn(start + 4, SQL));
        assertThat(log.names().coming()).isEmpty();
    }

    @Test
    void aNameIsComingWithItsBase() {
        Bases bases = new Bases(database, CLOCK, EventTable::basesChanged, () -> {});
        bases.declare(List.of(new Base.Facts("b", FOLDER, 8, EngineSettings.Choice.CPU, Set.of())));
        long base = bases.find("b").orElseThrow().id();
        ComingName coming = new ComingName(SQL, base);
        long start = log.position();
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB, base).id();
        assertThat(events(start)).containsExactly(new CatalogEvent.Withdrawn(start + 1, coming));
        assertThat(log.names().coming()).containsExactly(coming);

        assertThat(ledger.reject(first, List.of(WARNING))).isTrue();
        registry.register(Actor.ANONYMOUS, SQL, FOLDER);
        assertThat(events(start + 2))
                .containsExactly(new CatalogEvent.Withdrawn(start + 3, coming));
    }

    @Test
    void aNameThatLeadsToAVersionIsNotComing() {
        publish(SQL, 'a');
        long start = log.position();
        long next = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        assertThat(log.names().coming()).isEmpty();
        assertThat(ledger.reject(next, List.of(WARNING))).isTrue();
        assertThat(events(start)).isEmpty();
    }

    @Test
    void aTokenThatIsTakenBackOrEndsSoonerIsToldByTheFeedInItsTurn() {
        AtomicInteger wakes = new AtomicInteger();
        Tokens tokens = new Tokens(database, CLOCK, wakes::incrementAndGet);
        Tokens.Made made =
                tokens.create(Actor.ANONYMOUS, "app", Role.client, "acme", KeyLimits.NONE, null);
        long start = log.position();

        tokens.rotate(Actor.ANONYMOUS, made.token().id(), Duration.ofHours(1));
        tokens.revoke(Actor.ANONYMOUS, made.token().id());

        String hash = TokenHash.of(made.secret());
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.TokenChanged(start + 1, hash),
                        new CatalogEvent.TokenChanged(start + 2, hash));
        assertThat(wakes).hasValue(2);
        assertThat(log.names().sequence()).isEqualTo(start + 2);
        assertThat(snapshot()).isEqualTo(new CatalogEvent.Snapshot(start + 2, List.of()));
    }

    @Test
    void stepsThatWereMadeBeforeARestartCountAsMade() {
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);

        assertThat(ledger.fetching(id)).isTrue();
        assertThat(ledger.validating(id, "c0ffee")).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Converting);
    }

    @Test
    void aRejectedVersionKeepsEveryReasonAndTheNameGoesOnAsItWas() {
        publish(SQL, 'a');
        long start = log.position();
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.fetching(id);
        assertThat(ledger.reject(id, List.of(REASON, WARNING))).isTrue();

        assertThat(registry.version(id).reasons()).containsExactly(REASON, WARNING);
        assertThat(states(SQL)).containsExactly(VersionState.Rejected, VersionState.Ready);
        assertThat(events(start)).isEmpty();
        assertThat(ledger.reject(id, List.of(REASON))).isFalse();
        assertThat(ledger.publish(id, content('b'), List.of())).isEmpty();
    }

    @Test
    void aRetryTakesThePlaceOfTheRejectedOne() {
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.reject(first, List.of(REASON));
        long other = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        ledger.reject(other, List.of(REASON));
        long second = registry.register(Actor.ANONYMOUS, SQL, HUB).id();

        assertThat(registry.find(SQL).versions())
                .extracting(Version::id)
                .containsExactly(second, other);
        assertThat(registry.version(first).id()).isEqualTo(second);
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

    @Test
    void disablingWithdrawsAndEnablingPublishesAgain() {
        publish(SQL, 'a');
        long start = log.position();

        assertThat(registry.disable(Actor.ANONYMOUS, SQL).versions().getFirst().lifecycle().state())
                .isEqualTo(VersionState.Disabled);
        assertThat(snapshot().entries()).isEmpty();
        registry.disable(Actor.ANONYMOUS, SQL);
        assertThat(registry.enable(Actor.ANONYMOUS, SQL).versions().getFirst().lifecycle().state())
                .isEqualTo(VersionState.Ready);
        registry.enable(Actor.ANONYMOUS, SQL);
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, SQL),
                        new CatalogEvent.Published(start + 2, entry(SQL, 'a')));
    }

    @Test
    void whatIsNotReadyCanNeitherBeDisabledNorEnabled() {
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThatThrownBy(() -> registry.disable(Actor.ANONYMOUS, SQL))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is Registered; allowed are Ready and Disabled");
        ledger.reject(id, List.of(REASON));
        assertThatThrownBy(() -> registry.enable(Actor.ANONYMOUS, SQL))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is Rejected");
    }

    @Test
    void removingRetiresWithdrawsAndFreesTheName() {
        long old = publish(SQL, 'a');
        long underWay = converting(SQL);
        long start = log.position();
        registry.remove(Actor.ANONYMOUS, SQL);

        assertThatThrownBy(() -> registry.find(SQL)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> registry.remove(Actor.ANONYMOUS, SQL))
                .isInstanceOf(NotFoundException.class);
        assertThat(state(old)).isEqualTo(VersionState.Retired);
        assertThat(state(underWay)).isEqualTo(VersionState.Rejected);
        assertThat(ledger.publish(underWay, content('b'), List.of())).isEmpty();
        assertThat(events(start)).containsExactly(new CatalogEvent.Withdrawn(start + 1, SQL));
        publish(SQL, 'a');
        assertThat(states(SQL)).containsExactly(VersionState.Ready);
    }

    @Test
    void removingADisabledNameSaysNothingTwice() {
        publish(SQL, 'a');
        registry.disable(Actor.ANONYMOUS, SQL);
        long start = log.position();
        registry.remove(Actor.ANONYMOUS, SQL);

        assertThat(events(start)).isEmpty();
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfBytes() {
        List<String> names = List.of("Zeta", "a-b", "a/b", "ab", "b");
        names.reversed()
                .forEach(name -> registry.register(Actor.ANONYMOUS, AdapterId.of(name), HUB));

        AdapterPage first = registry.list(AdapterId.DEFAULT_TENANT, "", 2);
        AdapterPage second = registry.list(AdapterId.DEFAULT_TENANT, "a-b", 2);
        AdapterPage third = registry.list(AdapterId.DEFAULT_TENANT, "ab", 2);
        assertThat(List.of(first, second, third))
                .flatExtracting(AdapterPage::items)
                .extracting(adapter -> adapter.id().name())
                .containsExactlyElementsOf(names);
        assertThat(first.more()).isTrue();
        assertThat(third.more()).isFalse();
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
        database.close();
        connect(databases.open(data));

        assertThat(registry.find(SQL).versions()).extracting(Version::id).containsExactly(id);
        assertThat(log.position()).isEqualTo(position);
    }

    private static <T> List<T> inParallel(List<Callable<T>> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = work.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    private long converting(AdapterId name) {
        long id = registry.register(Actor.ANONYMOUS, name, HUB).id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);
        return id;
    }

    private long publish(AdapterId name, char content) {
        long id = converting(name);
        ledger.publish(id, content(content), List.of());
        return id;
    }

    private VersionState state(long id) {
        return registry.version(id).lifecycle().state();
    }

    private List<VersionState> states(AdapterId name) {
        return registry.find(name).versions().stream().map(v -> v.lifecycle().state()).toList();
    }

    private List<CatalogEvent> events(long after) {
        return log.after(after, 100).stream()
                .map(event -> FeedCodec.decode(event.kind(), event.data()))
                .toList();
    }

    /** What the versions say; the rows kept for the feed must say the same. */
    private CatalogEvent.Snapshot snapshot() {
        CatalogEvent.Snapshot snapshot = log.snapshot();
        PublishedNames names = log.names();
        assertThat(names.sequence()).isEqualTo(snapshot.sequence());
        assertThat(names.entries()).hasSameSizeAs(snapshot.entries());
        for (CatalogEntry entry : snapshot.entries()) {
            assertThat(names.entries().get(entry.id())).isEqualTo(FeedCodec.encodeEntry(entry));
        }
        return snapshot;
    }

    private static CatalogEntry entry(AdapterId name, char content) {
        Content c = content(content);
        return new CatalogEntry(name, c.digest(), c.facts(), "HF:owner/name@c0ffee", NOW);
    }

    private static Share share(AdapterId name, int number, char content, int weight) {
        Content c = content(content);
        return new Share(
                new ServedVersion(name, number, c.digest(), c.facts(), "HF:owner/name@c0ffee", NOW),
                weight);
    }

    private static Content content(char digit) {
        return new Content(
                new AdapterDigest(String.valueOf(digit).repeat(64)),
                new LoraFacts(
                        8,
                        16.5,
                        true,
                        new TreeSet<>(Set.of(LinearModule.Q, LinearModule.DOWN)),
                        "BF16",
                        1L << 40,
                        AdapterTask.SEQ_CLS),
                NOW);
    }
}
