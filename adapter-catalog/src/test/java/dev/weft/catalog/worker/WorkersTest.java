package dev.weft.catalog.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyReport;
import dev.weft.protocol.residency.Tier;
import dev.weft.source.MovableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders for contents that several names have, and for a worker whose base changes. */
class WorkersTest {
    private static final Actor ANNA = new Actor("anna");
    private static final AdapterId SQL = AdapterId.of("sql");
    private static final AdapterId TEAMS = new AdapterId("team", "queries");
    private static final AdapterId JSON = AdapterId.of("json");
    private static final AdapterDigest A = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest B = new AdapterDigest("b".repeat(64));

    @TempDir private Path data;
    private final MovableClock clock = new MovableClock();
    private Database database;
    private Registry registry;
    private IngestLedger ledger;
    private Workers workers;

    @BeforeEach
    void open() {
        database = Databases.open(null, data);
        registry = new Registry(database, new AliasedNames(), clock, () -> {}, RoomForAll.ROOM);
        ledger = new IngestLedger(database, new AliasedNames(), "one", clock, () -> {});
        workers = new Workers(database, clock);
        publish(SQL, A);
        publish(TEAMS, A);
        publish(JSON, B);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void publish(AdapterId name, AdapterDigest digest) {
        long id =
                registry.register(ANNA, name, new RepositoryRef(RepositorySource.HF, "o/n", null))
                        .id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);
        ledger.publish(
                id,
                new Content(
                        digest,
                        new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                        clock.instant()),
                List.of());
    }

    private void belongs(AdapterId name, String base) {
        database.transaction(tx -> {
            tx.sql(
                            """
                            INSERT INTO bases
                                (name, source, repo, max_rank, engine, declared, created_at)
                            SELECT CAST(:base AS VARCHAR), 'HF', 'o/base', 8, 'cpu', TRUE, CURRENT_TIMESTAMP
                            WHERE NOT EXISTS (SELECT 1 FROM bases WHERE name = :base)
                            """)
                    .param("base", base)
                    .update();
            return tx.sql(
                            """
                            UPDATE adapters
                            SET base_id = (SELECT id FROM bases WHERE name = :base)
                            WHERE tenant = :tenant AND live_name = :name
                            """)
                    .param("base", base)
                    .param("tenant", name.tenant())
                    .param("name", name.name())
                    .update();
        });
    }

    private ResidencyOrders report(
            @Nullable String base, List<HeldAdapter> held, ResidencyReport.Outcome... outcomes) {
        return workers.report(
                new ResidencyReport(
                        "w", "http://127.0.0.1:8082", base, 2, held, List.of(outcomes)));
    }

    private ResidencyOrders report(ResidencyReport.Outcome... outcomes) {
        return report(null, List.of(), outcomes);
    }

    private long order(WorkerOrder.Kind kind, AdapterId name) {
        return workers.order(ANNA, kind, name, null, List.of("w")).getFirst().id();
    }

    private long pin(AdapterId name) {
        return order(WorkerOrder.Kind.pin, name);
    }

    private long prefetch(AdapterId name) {
        return order(WorkerOrder.Kind.prefetch, name);
    }

    private List<WorkerOrder.State> states(AdapterId name) {
        return workers.orders(name.tenant(), 10).stream()
                .filter(order -> order.asked().adapter().equals(name))
                .map(WorkerOrder::state)
                .toList();
    }

    private static ResidencyOrders.Order of(long id, AdapterDigest digest) {
        return new ResidencyOrders.Order(id, digest);
    }

    @Test
    void ordersOfAFormerBaseWaitUntilItIsBackAndTakeNoRoom() {
        belongs(SQL, "old");
        belongs(JSON, "new");
        report("old", List.of());
        long sql = pin(SQL);
        assertThat(report("old", List.of()).pins()).containsExactly(of(sql, A));

        assertThat(report("new", List.of()).pins()).isEmpty();
        long json = pin(JSON);
        assertThat(report("new", List.of()).pins()).containsExactly(of(json, B));
        assertThat(report("old", List.of()).pins()).containsExactly(of(sql, A));
    }

    @Test
    void anOrderOfEqualContentUnderANameOfAnotherBaseIsNotHandedOut() {
        belongs(SQL, "old");
        belongs(TEAMS, "new");
        report("old", List.of());
        pin(SQL);
        assertThat(report("new", List.of()).pins()).isEmpty();
        long teams = pin(TEAMS);
        assertThat(report("new", List.of(), new ResidencyReport.Outcome(teams, null)).pins())
                .containsExactly(of(teams, A));
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.done);
        assertThat(states(SQL)).containsExactly(WorkerOrder.State.pending);
    }

    @Test
    void aPinStaysWhileAnybodyPinsTheSameContent() {
        report();
        long first = pin(SQL);
        long second = pin(TEAMS);
        assertThat(second).isNotEqualTo(first);
        assertThat(pin(SQL)).isEqualTo(first);
        assertThat(workers.orders("team", 10))
                .extracting(order -> order.asked().adapter())
                .containsExactly(TEAMS);
        assertThat(report().pins()).containsExactly(of(first, A));

        workers.takeBack(ANNA, SQL.tenant(), first);
        assertThat(report().pins()).containsExactly(of(second, A));
        workers.takeBack(ANNA, TEAMS.tenant(), second);
        assertThat(report().pins()).isEmpty();
    }

    @Test
    void equalContentsTakeOneSlotTogether() {
        report();
        pin(SQL);
        pin(TEAMS);
        assertThatThrownBy(() -> pin(JSON))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("2 slot(s), 1 pinned");
        prefetch(TEAMS);
        prefetch(JSON);
        assertThatThrownBy(() -> pin(JSON)).isInstanceOf(ConflictException.class);
    }

    @Test
    void whatBecomesOfAnOrderBecomesOfThoseOfTheSameContent() {
        report();
        long first = pin(SQL);
        pin(TEAMS);
        report(new ResidencyReport.Outcome(first, "no such file"));
        assertThat(states(SQL)).containsExactly(WorkerOrder.State.failed);
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.failed);
        report(new ResidencyReport.Outcome(first, null));
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.done);
    }

    @Test
    void aPinOfWhatIsPinnedIsDone() {
        report();
        long first = pin(SQL);
        report(new ResidencyReport.Outcome(first, null));
        pin(TEAMS);
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.pending);
        report(null, List.of(new HeldAdapter(A, Tier.SLOT, null, null, true)));
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.done);
    }

    @Test
    void aContentIsHandedOutOnceAsAPinIfItIsPinned() {
        report();
        long first = prefetch(SQL);
        prefetch(TEAMS);
        assertThat(report().prefetches()).containsExactly(of(first, A));
        long pin = pin(TEAMS);
        ResidencyOrders told = report();
        assertThat(told.pins()).containsExactly(of(pin, A));
        assertThat(told.prefetches()).isEmpty();

        report(new ResidencyReport.Outcome(pin, null));
        assertThat(states(SQL)).containsExactly(WorkerOrder.State.done);
        assertThat(states(TEAMS)).containsOnly(WorkerOrder.State.done);
    }

    @Test
    void aPrefetchThatIsDoneEndsTheOthersAndNoPin() {
        report();
        long first = prefetch(SQL);
        prefetch(TEAMS);
        report();
        pin(SQL);
        report(new ResidencyReport.Outcome(first, null));
        assertThat(states(TEAMS)).containsExactly(WorkerOrder.State.done);
        assertThat(states(SQL)).containsExactly(WorkerOrder.State.pending, WorkerOrder.State.done);
    }

    @Test
    void anOrderOfANameThatIsDisabledIsNotHandedOutForAnotherOne() {
        report();
        pin(SQL);
        registry.disable(ANNA, SQL);
        assertThat(report().pins()).isEmpty();
        long teams = pin(TEAMS);
        assertThat(report().pins()).containsExactly(of(teams, A));
    }
}
