package dev.weft.catalog.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
    @TempDir Path data;

    @Test
    void looksOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        Loops loops = new Loops();
        AtomicInteger looks = new AtomicInteger();
        BlockingQueue<Version> found = new LinkedBlockingQueue<>();
        try (Database database = Databases.open(null, data)) {
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
                            version -> {
                                if (looks.incrementAndGet() == 1) {
                                    throw new IllegalStateException("nobody thought of it");
                                }
                                found.add(version);
                            },
                            loops)) {
                claims.start();
                Version version = found.poll(60, TimeUnit.SECONDS);
                assertThat(version).isNotNull();
                assertThat(version.id()).isEqualTo(id);
            }
        }
        assertThat(loops.failures()).containsEntry("claims", 1L);
    }
}
