package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.feed.PublishedNames;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The tables of adapters on a database of its own for each test. */
abstract class StoreFixture {
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final AdapterId SQL = AdapterId.of("sql");
    static final RepositoryRef HUB = new RepositoryRef(RepositorySource.HF, "owner/name", "main");
    static final RepositoryRef FOLDER =
            new RepositoryRef(RepositorySource.FILE, "/adapters/sql", null);
    static final Reason WARNING =
            new Reason("OTHER_BASE", "adapter_config.json", null, "x", "y", "another base");
    static final Reason REASON =
            new Reason("RANK_OVER_MAXIMUM", "adapter_config.json", "r", "64", "8", "too large");

    private final EmptyDatabases databases;
    @TempDir private Path data;
    @AutoClose Database database;
    Registry registry;
    IngestLedger ledger;
    ChangeLog log;

    StoreFixture(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void connect() throws Exception {
        connect(databases.create(data));
    }

    void openAgain() {
        database.close();
        connect(databases.open(data));
    }

    private void connect(Database opened) {
        database = opened;
        registry = new Registry(database, new AliasedNames(), CLOCK, () -> {}, RoomForAll.ROOM);
        ledger = new IngestLedger(database, new AliasedNames(), "one", CLOCK, () -> {});
        log = new ChangeLog(database);
    }

    static <T> List<T> inParallel(List<Callable<T>> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = work.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    long converting(AdapterId name) {
        long id = registry.register(Actor.ANONYMOUS, name, HUB).id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);
        return id;
    }

    long publish(AdapterId name, char content) {
        long id = converting(name);
        ledger.publish(id, content(content), List.of());
        return id;
    }

    VersionState state(long id) {
        return registry.version(id).lifecycle().state();
    }

    List<VersionState> states(AdapterId name) {
        return registry.find(name).versions().stream().map(v -> v.lifecycle().state()).toList();
    }

    List<CatalogEvent> events(long after) {
        return log.after(after, 100).stream()
                .map(event -> FeedCodec.decode(event.kind(), event.data()))
                .toList();
    }

    /** What the versions say; the rows kept for the feed must say the same. */
    CatalogEvent.Snapshot snapshot() {
        CatalogEvent.Snapshot snapshot = log.snapshot();
        PublishedNames names = log.names();
        assertThat(names.sequence()).isEqualTo(snapshot.sequence());
        assertThat(names.entries()).hasSameSizeAs(snapshot.entries());
        for (CatalogEntry entry : snapshot.entries()) {
            assertThat(names.entries().get(entry.id())).isEqualTo(FeedCodec.encodeEntry(entry));
        }
        return snapshot;
    }

    static CatalogEntry entry(AdapterId name, char content) {
        Content c = content(content);
        return new CatalogEntry(name, c.digest(), c.facts(), "HF:owner/name@c0ffee", NOW);
    }

    static Share share(AdapterId name, int number, char content, int weight) {
        Content c = content(content);
        return new Share(
                new ServedVersion(name, number, c.digest(), c.facts(), "HF:owner/name@c0ffee", NOW),
                weight);
    }

    static Content content(char digit) {
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
