package dev.weft.catalog.rollout.shadow;

import static dev.weft.catalog.rollout.ReadyVersions.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.alias.Expected;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.rollout.AtOnce;
import dev.weft.catalog.rollout.ReadyVersions;
import dev.weft.catalog.rollout.SetClock;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowFigures;
import dev.weft.protocol.shadow.ShadowOrder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests shadows on every database. Time passes only if a test says so. */
@OnEachDatabase
class ShadowsTest {
    private static final Actor ANNA = new Actor("anna");
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final RolledVersion OLD = new RolledVersion("sql", 1);
    private static final RolledVersion NEW = new RolledVersion("sql", 2);
    private static final ShadowPlan PLAN =
            new ShadowPlan(
                    new ShadowPlan.Copying(0.5, 2, 1_000, 600),
                    new ShadowPlan.Judging(
                            Map.of(Bound.errorRate, 0.01, Bound.firstToken, 1.25), 0.9, 0.01, 200));

    private final SetClock clock = new SetClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EmptyDatabases databases;
    @TempDir private Path data;
    @AutoClose private Database database;
    private ReadyVersions versions;
    private Aliases aliases;
    private ShadowWatch watch;
    private Shadows shadows;
    private ShadowBooks books;

    ShadowsTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void connect() throws Exception {
        database = databases.create(data);
        versions = new ReadyVersions(database, clock);
        versions.publish("sql", 'a');
        versions.publish("sql", 'b');
        begin();
        aliases.set(ANNA, PROD, new Expected.Nothing(), List.of(OLD.weighing(1)));
    }

    /** What a catalog does at its start; nothing is remembered but the database. */
    private void begin() {
        aliases = new Aliases(database, clock, () -> {}, RoomForAll.ROOM);
        var metrics = new ShadowStateMetrics(registry);
        var moves = new ShadowMoves(clock, metrics);
        watch = new ShadowWatch(database, aliases, moves, metrics, new Loops());
        shadows = new Shadows(database, aliases, moves, RoomForAll.ROOM);
        books = new ShadowBooks(database, clock);
    }

    @Test
    void aCandidateThatDoesAsWellIsWithinTheBoundsAndTheAliasStays() {
        long id = start();
        measure(id, fine(300), fine(300));
        assertThat(shadows.find("default", id).isWithinBounds()).isTrue();
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.running);
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.done);
        assertThat(state(id).reason()).isEqualTo("its time is over");
        assertThat(aliases.find(PROD).targets()).containsExactly(OLD.weighing(1));
        assertThat(shadows.find("default", id).waitsFor()).isNull();
        assertThat(audited()).containsExactly("shadow.done", "shadow.start");
        assertThat(moves("done")).isEqualTo(1);
    }

    @Test
    void fewRequestsSayNothing() {
        long id = start();
        measure(id, fine(7), fine(7));
        Shadows.Shown shown = shadows.find("default", id);
        assertThat(shown.isWithinBounds()).isFalse();
        assertThat(shown.waitsFor())
                .isEqualTo(
                        "its end at 2026-11-28T10:10:00Z, requests of sql@1 (7 of 200 for"
                            + " errorRate), requests of sql@2 (7 of 200 for errorRate), streams of"
                            + " sql@1 (7 of 200 for firstToken), streams of sql@2 (7 of 200 for"
                            + " firstToken)");
    }

    @Test
    void aCandidateThatFailsEndsItsShadowAtOnceAndTheReasonIsTold() {
        long id = start();
        measure(id, fine(60), new Measured(60, 40, times(20, 50), Times.NONE));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.worse);
        assertThat(state(id).bound()).isEqualTo(Bound.errorRate);
        assertThat(state(id).reason())
                .startsWith("errorRate: 66.67 % of 60 requests of sql@2 failed, and 0.00 % of 60");
        assertThat(shadows.find("default", id).isWithinBounds()).isFalse();
        assertThat(aliases.find(PROD).targets()).containsExactly(OLD.weighing(1));
        assertThat(orders("gateway-1", Map.of())).isEmpty();
        assertThat(audited()).containsExactly("shadow.worse", "shadow.start");
    }

    @Test
    void aCandidateThatIsSlowEndsItsShadow() {
        long id = start();
        measure(id, fine(1_000), new Measured(1_000, 0, times(1_000, 150), Times.NONE));
        watch.look();
        assertThat(state(id).bound()).isEqualTo(Bound.firstToken);
    }

    @Test
    void figuresOfSeveralGatewaysAreAddedAlsoShortlyAfterTheEnd() {
        long id = start();
        measure(id, fine(10), fine(10));
        shadows.end(ANNA, "default", id);
        measure(id, fine(5), fine(5));
        ShadowFigures sum = shadows.find("default", id).shadow().figures();
        assertThat(sum.served().requests()).isEqualTo(15);
        assertThat(sum.tokens()).isEqualTo(40);
        assertThat(sum.likeness().pairs()).isEqualTo(2);
        assertThat(sum.count(CopyOutcome.answered)).isEqualTo(4);
        clock.passes(Duration.ofHours(1));
        measure(id, fine(5), fine(5));
        measure(id + 1, fine(5), fine(5));
        assertThat(shadows.find("default", id).shadow().figures()).isEqualTo(sum);
    }

    @Test
    void gatewaysAreGrantedNoMoreTokensThanThereAre() {
        long id = start();
        ShadowOrder first = orders("gateway-1", Map.of()).getFirst();
        assertThat(first.bounds().granted()).isZero();
        assertThat(first.name()).isEqualTo(PROD);
        assertThat(first.candidate()).isEqualTo(new ShadowOrder.Version("sql", 2));
        assertThat(first.left()).isEqualTo(Duration.ofMinutes(10));
        assertThat(granted("gateway-1", id, 700)).isEqualTo(700);
        assertThat(granted("gateway-1", id, 700)).isEqualTo(700); // its answer was lost
        assertThat(granted("gateway-2", id, 700)).isEqualTo(300);
        assertThat(granted("gateway-3", id, 1)).isZero();
        assertThat(granted("gateway-1", id, 0)).isEqualTo(700);
    }

    @Test
    void ofShadowsThatAreStartedAtOnceAnAliasGetsOne() throws Exception {
        for (int round = 0; round < 10; round++) {
            assertThat(AtOnce.count(4, this::isStarted)).as("round %d", round).isEqualTo(1);
            shadows.list(new ListPage("default", null, Long.MAX_VALUE, 100)).stream()
                    .map(Shadows.Shown::shadow)
                    .filter(Shadow::isRunning)
                    .forEach(running -> shadows.end(ANNA, "default", running.id()));
        }
    }

    private boolean isStarted() {
        try {
            start();
            return true;
        } catch (ConflictException e) {
            assertThat(e).hasMessageContaining("has shadow");
            return false;
        }
    }

    @Test
    void severalGatewaysThatAskAtOnceShareTheTokens() throws Exception {
        long id = start();
        List<Future<Long>> grants = new ArrayList<>();
        long sum = 0;
        try (ExecutorService gateways = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String name = "gateway-" + i;
                grants.add(gateways.submit(() -> granted(name, id, 300)));
            }
            for (Future<Long> grant : grants) {
                sum += grant.get(90, TimeUnit.SECONDS);
            }
        }
        assertThat(sum).isEqualTo(1_000);
    }

    @Test
    void aShadowEndsWhenItsTokensAreUsed() {
        long id = start();
        granted("gateway-1", id, 1_000);
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.running);
        lacking(id, 0);
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.running);
        lacking(id, 990);
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.done);
        assertThat(state(id).reason()).isEqualTo("its tokens are used");
    }

    @Test
    void whoeverChangesTheAliasOrTheCandidateStopsTheShadow() {
        long id = start();
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(OLD.weighing(1), NEW.weighing(1)));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.stopped);
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(OLD.weighing(1)));
        versions.publish("french", 'c');
        var french = new RolledVersion("french", 1);
        long next = shadows.start(ANNA, PROD, french, PLAN).shadow().id();
        versions.disable("french");
        watch.look();
        assertThat(state(next).reason()).isEqualTo("french@1 is not Ready any more");
        assertThat(moves("stopped")).isEqualTo(2);
    }

    @Test
    void aShadowIsEndedByHandAndGoesOnAfterARestart() {
        long id = start();
        watch.look();
        assertThat(registry.get("weft.catalog.shadows").gauge().value()).isEqualTo(1);
        database.close();
        database = databases.open(data);
        begin();
        watch.look();
        assertThat(state(id).state()).isEqualTo(Shadow.State.running);
        shadows.end(ANNA, "default", id);
        assertThat(state(id).reason()).isEqualTo("ended by anna");
        assertThatThrownBy(() -> shadows.end(ANNA, "default", id))
                .isInstanceOf(ConflictException.class)
                .hasMessage("shadow " + id + " is ended");
        assertThatThrownBy(() -> shadows.end(ANNA, "acme", id))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> shadows.find("acme", id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatCannotBeShadowedIsRefused() {
        assertThatThrownBy(() -> shadows.start(ANNA, AdapterId.of("other"), NEW, PLAN))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("there is no alias 'other'");
        assertThatThrownBy(() -> shadows.start(ANNA, PROD, OLD, PLAN))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("another version than the alias leads to");
        assertThatThrownBy(() -> shadows.start(ANNA, PROD, new RolledVersion("sql", 9), PLAN))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("to 'sql@9' is not allowed");
        long id = start();
        assertThatThrownBy(this::start)
                .isInstanceOf(ConflictException.class)
                .hasMessage("alias 'prod' has shadow " + id + " already");
        shadows.end(ANNA, "default", id);
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(OLD.weighing(1), NEW.weighing(1)));
        assertThatThrownBy(this::start)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("leads to 2 versions");
        assertThat(shadows.list(new ListPage("default", "prod", Long.MAX_VALUE, 10))).hasSize(1);
        assertThat(shadows.list(new ListPage("acme", null, Long.MAX_VALUE, 10))).isEmpty();
    }

    /** A gateway has found too few tokens, after it has used some. */
    private void lacking(long id, long used) {
        add(
                id,
                new ShadowFigures(
                        Measured.NONE,
                        Measured.NONE,
                        Likeness.NONE,
                        used,
                        Map.of(CopyOutcome.noTokens, 1L)));
    }

    @Test
    void aTenantHasSoManyAtOnce() {
        var few =
                new Shadows(
                        database,
                        aliases,
                        new ShadowMoves(clock, new ShadowStateMetrics(registry)),
                        new TenantRoom("shadows", 1, "the.setting"));
        AdapterId other = AdapterId.of("another");
        aliases.set(ANNA, other, new Expected.Nothing(), List.of(OLD.weighing(1)));
        start();
        assertThatThrownBy(() -> few.start(ANNA, other, NEW, PLAN))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tenant 'default' has 1 shadows: the.setting allows 1");
    }

    private long start() {
        return shadows.start(ANNA, PROD, NEW, PLAN).shadow().id();
    }

    private Shadow.Progress state(long id) {
        return shadows.find("default", id).shadow().progress();
    }

    private List<ShadowOrder> orders(String gateway, Map<Long, Long> tokens) {
        return books.orders(new ShadowDemand(gateway, tokens));
    }

    private long granted(String gateway, long id, long wanted) {
        return orders(gateway, Map.of(id, wanted)).getFirst().bounds().granted();
    }

    private void measure(long id, Measured served, Measured candidate) {
        add(
                id,
                new ShadowFigures(
                        served,
                        candidate,
                        new Likeness(1, 5, 6, 1, 1, 0, 0.5),
                        20,
                        Map.of(CopyOutcome.answered, 2L)));
    }

    private void add(long id, ShadowFigures figures) {
        database.transaction(tx -> {
            books.add(tx, List.of(new MeasureReport.Shadow(id, figures)));
            return true;
        });
    }

    private static Measured fine(int requests) {
        return new Measured(requests, 0, times(requests, 50), Times.NONE);
    }

    private double moves(String move) {
        return registry.get("weft.catalog.shadow.moves").tag("move", move).counter().count();
    }

    private List<String> audited() {
        return new AuditLog(database)
                .page("default", Long.MAX_VALUE, 100).stream()
                        .map(entry -> entry.change().action())
                        .filter(action -> action.startsWith("shadow"))
                        .toList();
    }
}
