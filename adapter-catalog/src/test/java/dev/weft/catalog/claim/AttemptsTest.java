package dev.weft.catalog.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.ingest.RefusalCodes;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachDatabase
class AttemptsTest {
    private final EmptyDatabases databases;
    @TempDir Path data;
    @AutoClose private Database database;
    private IngestLedger ledger;
    private long version;

    AttemptsTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void register() throws Exception {
        database = databases.create(data);
        ledger = new IngestLedger(database, new AliasedNames(), "one", Clock.systemUTC(), () -> {});
        version =
                new Registry(
                                database,
                                new AliasedNames(),
                                Clock.systemUTC(),
                                () -> {},
                                RoomForAll.ROOM)
                        .register(
                                Actor.ANONYMOUS,
                                AdapterId.of("sql"),
                                new RepositoryRef(RepositorySource.HF, "o/n", null))
                        .id();
    }

    @Test
    void aVersionThatEndsOneProcessAfterTheOtherIsRejected() throws Exception {
        for (int process = 0; process < Attempts.MOST; process++) {
            new Attempts(ledger).begin(version);
        }
        assertThatThrownBy(() -> new Attempts(ledger).begin(version))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> {
                            Reason reason = e.reasons().getFirst();
                            assertThat(reason.code()).isEqualTo("INGEST_ABORTED");
                            assertThat(reason.message())
                                    .contains(Attempts.MOST + " processes ended");
                        });
        assertThat(RefusalCodes.all()).contains(Attempts.CODE);
    }

    @Test
    void oneThatIsStoppedOnPurposeCountsNothing() throws Exception {
        for (int process = 0; process < 10; process++) {
            Attempts attempts = new Attempts(ledger);
            attempts.begin(version);
            attempts.stopped(version);
        }
        new Attempts(ledger).begin(version);
    }

    @Test
    void oneThatBeginsAgainAfterItsDatabaseWasAwayCountsOnce() throws Exception {
        Attempts attempts = new Attempts(ledger);
        for (int time = 0; time < 10; time++) {
            attempts.begin(version);
        }
        assertThat(ledger.attempt(version)).isEqualTo(2);
    }

    @Test
    void oneThatEndsWhileItWaitsIsNotCounted() throws Exception {
        Attempts attempts = new Attempts(ledger);
        attempts.begin(version);
        int seen =
                attempts.uncounted(
                        version,
                        () -> {
                            int count = ledger.attempt(version);
                            ledger.leave(version);
                            return count;
                        });
        assertThat(seen).isEqualTo(1);
        assertThat(ledger.attempt(version)).isEqualTo(2);
    }
}
