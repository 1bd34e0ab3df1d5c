package dev.weft.catalog.alias;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.feed.ChangeLog;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An alias with an adapter's name that is removed while a change of the adapter is under way. */
@OnEachDatabase
@Timeout(300)
class RemovedAliasTest {
    private static final AdapterId SQL = AdapterId.of("sql");
    private static final Actor ANNA = new Actor("anna");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");

    private final EmptyDatabases databases;

    /** The change of the adapter has told the feed, and isn't committed. */
    private final CountDownLatch told = new CountDownLatch(1);

    private final CountDownLatch commits = new CountDownLatch(1);
    @TempDir private Path data;
    @AutoClose private Database database;
    private Registry registry;
    private Aliases aliases;

    RemovedAliasTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void holdTheNameAtItsFirstVersion() throws Exception {
        database = databases.create(data);
        new ChangeLog(database).names(); // from now on its rows follow each event
        registry = registry(new AliasedNames());
        aliases = new Aliases(database, Clock.systemUTC(), () -> {}, RoomForAll.ROOM);
        publish(converting(), new AliasedNames(), 'a');
        publish(converting(), new AliasedNames(), 'b');
        aliases.set(ANNA, SQL, new Expected.Nothing(), List.of(new AliasTarget(SQL.name(), 1, 1)));
    }

    @Test
    void aDisabledAdapterStaysDisabled() throws Exception {
        removeBeside(() -> registry(slowNames()).disable(ANNA, SQL));
        assertThat(new ChangeLog(database).names().entries()).isEmpty();
        registry.enable(ANNA, SQL);
        assertThat(told()).containsExactly("sql@2=1", "sql@1=0");
    }

    @Test
    void aVersionThatBecomesReadyIsTold() throws Exception {
        long third = converting();
        removeBeside(() -> publish(third, slowNames(), 'c'));
        assertThat(told()).containsExactly("sql@3=1", "sql@2=0", "sql@1=0");
    }

    /** Removes the alias when the change has told the feed, and before it is committed. */
    private void removeBeside(Runnable change) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> changed = threads.submit(change);
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            Future<?> removed = threads.submit(() -> aliases.delete(ANNA, SQL, new Expected.Any()));
            while (waiting() == 0 && !removed.isDone()) {
                Thread.onSpinWait(); // the test's own timeout ends it
            }
            commits.countDown();
            changed.get(60, TimeUnit.SECONDS);
            removed.get(60, TimeUnit.SECONDS);
        }
        List<CatalogEntry> entries = new ChangeLog(database).snapshot().entries();
        assertThat(new ChangeLog(database).names().entries().values())
                .extracting(entry -> new String(entry, StandardCharsets.UTF_8))
                .as("what followers were told, and what the tables say")
                .containsExactlyElementsOf(
                        entries.stream()
                                .map(FeedCodec::encodeEntry)
                                .map(entry -> new String(entry, StandardCharsets.UTF_8))
                                .toList());
    }

    private int waiting() {
        return database.transaction(
                tx -> tx.sql(databases.waiting()).query(Integer.class).single());
    }

    private List<String> told() {
        return new ChangeLog(database)
                .snapshot().entries().stream()
                        .flatMap(entry -> entry.shares().stream())
                        .map(share -> share.version().pin() + "=" + share.weight())
                        .toList();
    }

    /** Names whose changes stay uncommitted until the test lets them. */
    private Naming slowNames() {
        Naming names = new AliasedNames();
        return (Naming)
                Proxy.newProxyInstance(
                        Naming.class.getClassLoader(),
                        new Class<?>[] {Naming.class},
                        (_, method, arguments) -> {
                            Object result = method.invoke(names, arguments);
                            if (method.getName().equals("changed")) {
                                told.countDown();
                                assertThat(commits.await(60, TimeUnit.SECONDS)).isTrue();
                            }
                            return result;
                        });
    }

    private Registry registry(Naming names) {
        return new Registry(database, names, Clock.systemUTC(), () -> {}, RoomForAll.ROOM);
    }

    private IngestLedger ledger(Naming names) {
        return new IngestLedger(database, names, "one", Clock.systemUTC(), () -> {});
    }

    /** A version that only has to be published. */
    private long converting() {
        RepositoryRef source = new RepositoryRef(RepositorySource.FILE, "/adapters", null);
        long version = registry.register(ANNA, SQL, source).id();
        IngestLedger ledger = ledger(new AliasedNames());
        ledger.fetching(version);
        ledger.validating(version, null);
        ledger.converting(version);
        return version;
    }

    private void publish(long version, Naming names, char digit) {
        LoraFacts facts =
                new LoraFacts(8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 64);
        Content content =
                new Content(new AdapterDigest(String.valueOf(digit).repeat(64)), facts, NOW);
        assertThat(ledger(names).publish(version, content, List.of())).isPresent();
    }
}
