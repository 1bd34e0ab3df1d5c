package dev.weft.catalog.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditEntry;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.FeedEvent;
import dev.weft.catalog.feed.PublishedNames;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests aliases on every database. Each test follows the feed and checks it at its end. */
@OnEachDatabase
class AliasesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final AdapterId SQL = AdapterId.of("sql");
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final Actor ANNA = new Actor("anna");

    private final EmptyDatabases databases;
    @TempDir private Path data;
    private Database database;
    private Registry registry;
    private IngestLedger ledger;
    private Aliases aliases;
    private ChangeLog log;
    private CatalogView view;

    AliasesTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void connect() throws Exception {
        database = databases.create(data);
        registry = new Registry(database, new AliasedNames(), CLOCK, () -> {}, RoomForAll.ROOM);
        ledger = new IngestLedger(database, new AliasedNames(), "one", CLOCK, () -> {});
        aliases = new Aliases(database, CLOCK, () -> {}, RoomForAll.ROOM);
        log = new ChangeLog(database);
        view = new CatalogView();
        view.apply(snapshot());
        publish(SQL, 'a');
        publish(SQL, 'b');
        publish(SQL, 'c');
    }

    /** A sequence of events and a snapshot say the same. */
    @AfterEach
    void eventsAndSnapshotAgree() {
        follow();
        assertThat(view.entries()).containsExactlyElementsOf(snapshot().entries());
        database.close();
    }

    @Test
    void anAliasPointsAtOneVersionOrSeveral() {
        Alias one = aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1)));
        assertThat(one.revision()).isEqualTo(1);
        follow();
        assertThat(shares(PROD)).containsExactly("sql@1=1");

        Alias two =
                aliases.set(
                        ANNA,
                        PROD,
                        new Expected.Revision(1),
                        List.of(to(SQL, 3, 10), to(SQL, 1, 90)));
        assertThat(two.revision()).isEqualTo(2);
        assertThat(aliases.find(PROD)).isEqualTo(two);
        assertThat(aliases.list("default", "", 10)).containsExactly(two);
        follow();
        assertThat(shares(PROD)).containsExactly("sql@3=10", "sql@1=90");
        assertThat(shares(SQL)).containsExactly("sql@3=1", "sql@2=0", "sql@1=0");
    }

    @Test
    void aTenantHasSoManyAliases() {
        var room = new TenantRoom("aliases", 1, "the.setting");
        var small = new Aliases(database, CLOCK, () -> {}, room);
        List<AliasTarget> first = List.of(to(SQL, 1, 1));
        small.set(ANNA, PROD, new Expected.Nothing(), first);
        AdapterId other = AdapterId.of("another");
        assertThatThrownBy(() -> small.set(ANNA, other, new Expected.Nothing(), first))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tenant 'default' has 1 aliases: the.setting allows 1");
        small.set(ANNA, PROD, new Expected.Revision(1), List.of(to(SQL, 2, 1)));
        small.delete(ANNA, PROD, new Expected.Revision(2));
        small.set(ANNA, other, new Expected.Nothing(), first);
    }

    @Test
    void aRollBackNeverLeadsToAnotherContentOfTheSameName() {
        AdapterId french = AdapterId.of("french");
        publish(french, 'd');
        aliases.set(ANNA, PROD, new Expected.Nothing(), List.of(to(SQL, 1, 1)));
        aliases.set(ANNA, PROD, new Expected.Revision(1), List.of(to(french, 1, 1)));
        registry.remove(ANNA, SQL);
        publish(SQL, 'e');

        assertThatThrownBy(() -> aliases.rollBack(ANNA, PROD, new Expected.Revision(2), null))
                .isInstanceOf(AliasTargetException.class)
                .hasMessageContaining("versions that are Ready: 4");
        publish(SQL, 'a');
        assertThat(aliases.rollBack(ANNA, PROD, new Expected.Revision(2), null).targets())
                .containsExactly(to(SQL, 1, 1));
    }

    @Test
    void theAliasOfAnAdaptersNameSaysWhatTheNameLeadsTo() {
        aliases.set(ANNA, SQL, new Expected.Nothing(), List.of(to(SQL, 2, 1)));
        publish(SQL, 'd');
        follow();

        assertThat(shares(SQL)).containsExactly("sql@4=0", "sql@3=0", "sql@2=1", "sql@1=0");
        assertThat(registry.find(SQL).leadsTo()).containsExactly(to(SQL, 2, 1));
        aliases.delete(ANNA, SQL, new Expected.Revision(1));
        follow();
        assertThat(shares(SQL)).startsWith("sql@4=1", "sql@3=0");
        assertThat(registry.find(SQL).leadsTo()).containsExactly(to(SQL, 4, 1));
    }

    @Test
    void aChangeNeedsTheRevisionThatItsAuthorSaw() {
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1)));
        List<AliasTarget> other = List.of(to(SQL, 2, 1));

        assertThatThrownBy(() -> aliases.set(ANNA, PROD, new Expected.Unsaid(), other))
                .isInstanceOfSatisfying(
                        RevisionException.class, e -> assertThat(e.status()).isEqualTo(428));
        for (Expected expected : List.of(new Expected.Revision(2), new Expected.Nothing())) {
            assertThatThrownBy(() -> aliases.set(ANNA, PROD, expected, other))
                    .isInstanceOfSatisfying(
                            RevisionException.class, e -> assertThat(e.status()).isEqualTo(412));
        }
        assertThatThrownBy(() -> aliases.set(ANNA, AdapterId.of("new"), new Expected.Any(), other))
                .isInstanceOf(RevisionException.class);
        assertThatThrownBy(() -> aliases.delete(ANNA, PROD, new Expected.Unsaid()))
                .isInstanceOf(RevisionException.class);
        assertThat(aliases.find(PROD).targets()).containsExactly(to(SQL, 1, 1));
    }

    @Test
    void ofChangesAtOnceToOneRevisionExactlyOneIsMade() throws Exception {
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> running =
                    IntStream.rangeClosed(1, 12)
                            .mapToObj(weight ->
                                    threads.submit(() -> moved(new Expected.Revision(1), weight)))
                            .toList();
            int made = 0;
            for (Future<Boolean> future : running) {
                made += future.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        }
        assertThat(aliases.find(PROD).revision()).isEqualTo(2);
    }

    private boolean moved(Expected expected, int weight) {
        try {
            aliases.set(ANNA, PROD, expected, List.of(to(SQL, 2, weight)));
            return true;
        } catch (RevisionException e) {
            return false;
        }
    }

    /** The names are in two tables, so no constraint keeps them apart. */
    @Test
    void ofAnAliasAndAnAdapterThatTakeOneNameAtOnceExactlyOneGetsIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            AdapterId name = AdapterId.of("both-" + round);
            CyclicBarrier together = new CyclicBarrier(2);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Boolean> alias =
                        threads.submit(() -> {
                            together.await(60, TimeUnit.SECONDS);
                            return isAliased(name);
                        });
                Future<Boolean> adapter =
                        threads.submit(() -> {
                            together.await(60, TimeUnit.SECONDS);
                            return isRegistered(name);
                        });
                assertThat(alias.get(60, TimeUnit.SECONDS))
                        .as("an alias, and not an adapter, in round %d", round)
                        .isNotEqualTo(adapter.get(60, TimeUnit.SECONDS));
            }
        }
    }

    private boolean isAliased(AdapterId name) {
        try {
            aliases.set(ANNA, name, new Expected.Nothing(), List.of(to(SQL, 1, 1)));
            return true;
        } catch (AliasTargetException e) {
            assertThat(e).hasMessageContaining("the alias has that adapter's name");
            return false;
        }
    }

    private boolean isRegistered(AdapterId name) {
        try {
            registry.register(ANNA, name, source());
            return true;
        } catch (ConflictException e) {
            assertThat(e).hasMessageContaining("is an alias");
            return false;
        }
    }

    @Test
    void rollingBackGoesOneChangeFurtherEachTime() {
        for (int version = 1; version <= 3; version++) {
            Expected seen =
                    version == 1 ? new Expected.Nothing() : new Expected.Revision(version - 1);
            aliases.set(ANNA, PROD, seen, List.of(to(SQL, version, 1)));
        }
        assertThat(aliases.rollBack(ANNA, PROD, new Expected.Revision(3), null).targets())
                .containsExactly(to(SQL, 2, 1));
        assertThat(aliases.rollBack(ANNA, PROD, new Expected.Revision(4), null).targets())
                .containsExactly(to(SQL, 1, 1));
        assertThatThrownBy(() -> aliases.rollBack(ANNA, PROD, new Expected.Revision(5), null))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("nothing else before");
        assertThat(aliases.rollBack(ANNA, PROD, new Expected.Revision(5), 3L).targets())
                .containsExactly(to(SQL, 3, 1));
        assertThatThrownBy(() -> aliases.rollBack(ANNA, PROD, new Expected.Any(), 99L))
                .isInstanceOf(ConflictException.class);
        follow();
        assertThat(shares(PROD)).containsExactly("sql@3=1");
    }

    @Test
    void whereAnAliasCantPointIsSaid() {
        registry.register(ANNA, AdapterId.of("young"), source());
        for (List<AliasTarget> targets :
                List.of(
                        List.of(to(SQL, 1, 1), to(SQL, 9, 1)),
                        List.of(to(SQL, 1, 1), to(SQL, 1, 2)),
                        List.of(to(SQL, 1, 1), to(AdapterId.of("nobody"), 1, 1)),
                        List.of(to(SQL, 1, 1), to(AdapterId.of("young"), 1, 1)))) {
            assertThatThrownBy(() -> aliases.set(ANNA, PROD, new Expected.Unsaid(), targets))
                    .isInstanceOfSatisfying(
                            AliasTargetException.class,
                            e -> {
                                assertThat(e.faults()).hasSize(1);
                                assertThat(e.faults().getFirst().field()).isEqualTo("targets[1]");
                                assertThat(e.faults().getFirst().allowed()).isNotBlank();
                            });
        }
        publish(AdapterId.of("json"), 'a');
        assertThatThrownBy(() ->
                        aliases.set(
                                ANNA,
                                SQL,
                                new Expected.Unsaid(),
                                List.of(to(AdapterId.of("json"), 1, 1))))
                .isInstanceOf(AliasTargetException.class)
                .hasMessageContaining("versions of 'sql'");
        assertThatThrownBy(() -> aliases.find(PROD)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatAnAliasPointsAtIsKeptAndItsAdapterIsNotRemoved() {
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1)));
        for (char content : "def0123456".toCharArray()) {
            publish(SQL, content);
        }
        assertThat(registry.find(SQL).versions())
                .filteredOn(v -> v.lifecycle().state() == VersionState.Ready)
                .extracting(Version::number)
                .containsExactly(13, 12, 11, 10, 9, 8, 1);
        assertThatThrownBy(() -> registry.remove(ANNA, SQL))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("prod");
        assertThatThrownBy(() -> registry.register(ANNA, PROD, source()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is an alias");

        aliases.set(ANNA, SQL, new Expected.Unsaid(), List.of(to(SQL, 9, 1)));
        aliases.delete(ANNA, PROD, new Expected.Any());
        registry.remove(ANNA, SQL);
        assertThatThrownBy(() -> aliases.find(SQL)).isInstanceOf(NotFoundException.class);
        follow();
        assertThat(view.entries()).isEmpty();
    }

    @Test
    void aTargetThatIsDisabledGetsNothingUntilItIsBack() {
        AdapterId json = AdapterId.of("json");
        publish(json, 'e');
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 30), to(json, 1, 70)));
        registry.disable(ANNA, SQL);
        follow();
        assertThat(shares(PROD)).containsExactly("json@1=70");
        assertThat(view.find("sql@1")).isEmpty();
        registry.disable(ANNA, json);
        follow();
        assertThat(view.find("prod")).isEmpty();
        registry.enable(ANNA, SQL);
        registry.enable(ANNA, json);
        follow();
        assertThat(shares(PROD)).containsExactly("sql@1=30", "json@1=70");
    }

    @Test
    void anAliasIsSharedWithThoseWhoMayUseAllItPointsAt() {
        AdapterId json = AdapterId.of("json");
        publish(json, 'e');
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1), to(json, 1, 1)));
        registry.share(ANNA, SQL, Audience.EVERYONE);
        registry.share(ANNA, json, new Audience(List.of("friend", "other")));
        follow();

        assertThat(view.find("friend", "default/prod")).isPresent();
        assertThat(view.find("stranger", "default/prod")).isEmpty();
        assertThat(view.find("stranger", "default/sql")).isPresent();
        registry.share(ANNA, SQL, Audience.NOBODY);
        follow();
        assertThat(view.find("friend", "default/prod")).isEmpty();
    }

    /** Whoever saw a revision of the first alias changes nothing of the second. */
    @Test
    void anAliasThatTakesANameAgainGoesOnBehindItsRevisions() {
        List<AliasTarget> first = List.of(to(SQL, 1, 1));
        for (long seen = 0; seen < 6; seen += 2) {
            assertThat(aliases.set(ANNA, PROD, new Expected.Nothing(), first).revision())
                    .isEqualTo(seen + 1);
            assertThatThrownBy(() -> aliases.rollBack(ANNA, PROD, new Expected.Any(), null))
                    .isInstanceOf(ConflictException.class);
            var old = new Expected.Revision(seen);
            assertThatThrownBy(() -> aliases.set(ANNA, PROD, old, first))
                    .isInstanceOf(RevisionException.class);
            aliases.set(ANNA, PROD, new Expected.Revision(seen + 1), List.of(to(SQL, 2, 1)));
            aliases.delete(ANNA, PROD, new Expected.Revision(seen + 2));
        }
    }

    @Test
    void theAuditLogSaysWhoDidWhatWithBeforeAndAfter() {
        aliases.set(ANNA, PROD, new Expected.Unsaid(), List.of(to(SQL, 1, 1)));
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(to(SQL, 2, 1)));
        aliases.delete(ANNA, PROD, new Expected.Any());
        registry.share(ANNA, SQL, Audience.EVERYONE);
        assertThatThrownBy(() -> aliases.delete(ANNA, PROD, new Expected.Any()))
                .isInstanceOf(NotFoundException.class);

        List<AuditEntry> entries = new AuditLog(database).page("default", Long.MAX_VALUE, 4);
        assertThat(entries)
                .extracting(entry -> entry.change().action())
                .containsExactly("adapter.share", "alias.delete", "alias.set", "alias.set");
        assertThat(entries).extracting(entry -> entry.change().actor().name()).containsOnly("anna");
        assertThat(entries).extracting(AuditEntry::at).containsOnly(NOW);
        assertThat(entries.get(0).before()).isEqualTo("{\"sharedWith\":[]}");
        assertThat(entries.get(0).after()).isEqualTo("{\"sharedWith\":[\"*\"]}");
        assertThat(entries.get(1).before()).contains("\"version\":2");
        assertThat(entries.get(1).after()).isNull();
        assertThat(entries.get(2).before()).contains("\"version\":1");
        assertThat(entries.get(2).after()).contains("\"version\":2");
        assertThat(entries.get(3).before()).isNull();
        assertThat(new AuditLog(database).page("default", entries.getLast().id(), 50))
                .extracting(entry -> entry.change().action())
                .contains("adapter.register", "version.ready");
        assertThat(new AuditLog(database).page("other", Long.MAX_VALUE, 9)).isEmpty();
    }

    private void follow() {
        for (FeedEvent event : log.after(view.sequence(), 1000)) {
            assertThat(event.sequence()).isEqualTo(view.sequence() + 1);
            view.apply(FeedCodec.decode(event.kind(), event.data()));
        }
    }

    private List<String> shares(AdapterId name) {
        CatalogEntry entry = view.find(name).orElseThrow();
        return entry.shares().stream().map(s -> s.version().pin() + "=" + s.weight()).toList();
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

    private void publish(AdapterId name, char digit) {
        long id = registry.register(ANNA, name, source()).id();
        ledger.fetching(id);
        ledger.validating(id, null);
        ledger.converting(id);
        Content content =
                new Content(
                        new AdapterDigest(String.valueOf(digit).repeat(64)),
                        new LoraFacts(
                                8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 64),
                        NOW);
        assertThat(ledger.publish(id, content, List.of())).isPresent();
    }

    private static RepositoryRef source() {
        return new RepositoryRef(RepositorySource.FILE, "/adapters", null);
    }

    private static AliasTarget to(AdapterId adapter, int version, int weight) {
        return new AliasTarget(adapter.name(), version, weight);
    }
}
