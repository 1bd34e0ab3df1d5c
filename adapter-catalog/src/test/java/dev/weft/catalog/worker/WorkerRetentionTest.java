package dev.weft.catalog.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.rollout.SetClock;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.residency.ResidencyReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are gone for good. */
class WorkerRetentionTest {
    private static final AdapterId SQL = AdapterId.of("sql");

    @TempDir private Path data;
    private final SetClock clock = new SetClock();
    private Database database;
    private Workers workers;
    private WorkerRetention retention;

    @BeforeEach
    void open() {
        database = Databases.open(null, data);
        workers = new Workers(database, clock);
        retention = new WorkerRetention(database, clock, new Loops());
    }

    @AfterEach
    void close() {
        retention.close();
        database.close();
    }

    @Test
    void aWorkerThatIsSilentForAWeekIsForgottenWithItsOrders() {
        report("w-gone");
        order("w-gone", WorkerOrder.Kind.pin);
        order("w-gone", WorkerOrder.Kind.prefetch);
        clock.passes(WorkerRetention.REMEMBERED);
        report("w-new");
        order("w-new", WorkerOrder.Kind.pin);
        assertThat(retention.forget()).isEmpty();

        clock.passes(Duration.ofMillis(1));
        assertThat(retention.forget()).containsExactly("w-gone");
        assertThat(retention.forget()).isEmpty();
        assertThat(workers.list()).extracting(KnownWorker::id).containsExactly("w-new");
        assertThat(workers.orders("default", 10))
                .extracting(order -> order.asked().worker())
                .containsExactly("w-new");
    }

    @Test
    void aForgottenWorkerThatReportsIsKnownAgain() {
        report("w-1");
        clock.passes(Duration.ofDays(30));
        assertThat(retention.forget()).containsExactly("w-1");
        report("w-1");
        assertThat(retention.forget()).isEmpty();
        assertThat(workers.list()).extracting(KnownWorker::id).containsExactly("w-1");
    }

    @Test
    void manyGoInSeveralBatches() {
        for (int worker = 0; worker <= WorkerRetention.BATCH; worker++) {
            report("w-" + worker);
        }
        clock.passes(Duration.ofDays(30));
        assertThat(retention.forget()).hasSize(WorkerRetention.BATCH);
        assertThat(retention.forget()).hasSize(1);
        assertThat(workers.list()).isEmpty();
    }

    private void report(String worker) {
        workers.report(
                new ResidencyReport(
                        worker, "http://127.0.0.1:8082", "llama", 3, List.of(), List.of()));
    }

    private void order(String worker, WorkerOrder.Kind kind) {
        AdapterDigest digest = new AdapterDigest("%064x".formatted(1));
        database.transaction(tx ->
                OrderTable.insert(
                        tx, new WorkerOrder.Asked(worker, kind, SQL, 1, digest), clock.instant()));
    }
}
