package dev.weft.catalog.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachDatabase
class ClaimsTest {
    private final EmptyDatabases databases;
    @TempDir Path data;

    ClaimsTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @Test
    void looksOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        Loops loops = new Loops();
        AtomicInteger looks = new AtomicInteger();
        BlockingQueue<Version> found = new LinkedBlockingQueue<>();
        try (Database database = databases.create(data)) {
            Registry registry =
                    new Registry(
                            database,
                            new AliasedNames(),
                            Clock.systemUTC(),
                            () -> {},
                            RoomForAll.ROOM);
            long id =
                    registry.register(
                                    Actor.ANONYMOUS,
                                    AdapterId.of("sql"),
                                    new RepositoryRef(RepositorySource.HF, "o/n", null))
                            .id();
            IngestLedger ledger =
                    new IngestLedger(
                            database, new AliasedNames(), "one", Clock.systemUTC(), () -> {});
            try (Claims claims =
                    new Claims(
                            ledger,
                            Set.of(),
                            version -> {
                                if (looks.incrementAndGet() == 1) {
                                    throw new IllegalStateException("nobody thought of it");
                                }
                                found.add(version);
                            },
                            _ -> {},
                            loops)) {
                claims.start();
                Version version = found.poll(60, TimeUnit.SECONDS);
                assertThat(version).isNotNull();
                assertThat(version.id()).isEqualTo(id);
            }
        }
        assertThat(loops.failures()).containsEntry("claims", 1L);
    }

    /** A catalog with a long queue must take over what a dead one left. */
    @Test
    void looksPastVersionsThatWaitHereHoweverManyTheyAre() throws Exception {
        BlockingQueue<Version> found = new LinkedBlockingQueue<>();
        try (Database database = databases.create(data)) {
            Registry registry =
                    new Registry(
                            database,
                            new AliasedNames(),
                            Clock.systemUTC(),
                            () -> {},
                            RoomForAll.ROOM);
            var ref = new RepositoryRef(RepositorySource.HF, "o/n", null);
            Set<Long> known = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                known.add(registry.register(Actor.ANONYMOUS, AdapterId.of("waits-" + i), ref).id());
            }
            long last = registry.register(Actor.ANONYMOUS, AdapterId.of("left"), ref).id();
            IngestLedger ledger =
                    new IngestLedger(
                            database, new AliasedNames(), "one", Clock.systemUTC(), () -> {});
            try (Claims claims = new Claims(ledger, known, found::add, _ -> {}, new Loops())) {
                claims.start();
                for (int look = 0; look < 2; look++) {
                    Version version = found.poll(60, TimeUnit.SECONDS);
                    assertThat(version).isNotNull();
                    assertThat(version.id()).isEqualTo(last);
                }
            }
        }
    }
}
