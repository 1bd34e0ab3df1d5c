package dev.weft.catalog.rollout;

import static dev.weft.catalog.rollout.ReadyVersions.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.alias.Expected;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditEntry;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.evidence.Observations;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.judge.ScoresBody;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.catalog.rollout.shadow.ShadowBooks;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.rollout.MeasuredVersion;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests rollouts on every database. Time passes only if a test says so. */
@OnEachDatabase
class RolloutsTest {
    private static final Actor ANNA = new Actor("anna");
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final RolledVersion OLD = new RolledVersion("sql", 1);
    private static final RolledVersion NEW = new RolledVersion("sql", 2);
    private static final Plan TWO_STEPS =
            plan(Map.of(Bound.errorRate, 0.01, Bound.firstToken, 1.25));

    private final SetClock clock = new SetClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EmptyDatabases databases;
    @TempDir private Path data;
    @AutoClose private Database database;
    private ReadyVersions versions;
    private Aliases aliases;
    private RolloutWatch watch;
    private Rollouts rollouts;
    private RolloutBooks books;
    private long reports;

    RolloutsTest(EmptyDatabases databases) {
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
        RolloutMoves moves = new RolloutMoves(aliases, clock);
        watch =
                new RolloutWatch(
                        database, moves, new RolloutMetrics(registry), () -> {}, new Loops());
        rollouts = new Rollouts(database, aliases, moves, watch, RoomForAll.ROOM);
        books = new RolloutBooks(database, new ShadowBooks(database, clock), clock);
    }

    @Test
    void aVersionThatIsFineGoesThroughAllStepsAndIsDone() {
        long id = start(TWO_STEPS);
        assertThat(targets()).containsExactly(OLD.weighing(90), NEW.weighing(10));
        measure(fine(300), fine(300));
        watch.look();
        assertThat(state(id).step()).isZero(); // its time is not over

        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        assertThat(targets()).containsExactly(OLD.weighing(50), NEW.weighing(50));

        clock.passes(Duration.ofMinutes(20));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.running); // no requests in the step
        measure(fine(200), fine(200));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.done);
        assertThat(targets()).containsExactly(NEW.weighing(1));
        assertThat(rollouts.find("default", id).waitsFor()).isNull();
        assertThat(audited())
                .containsExactly(
                        "rollout.done",
                        "alias.set",
                        "rollout.step",
                        "alias.set",
                        "rollout.start",
                        "alias.set",
                        "alias.set");
    }

    /** A gateway may have been without a catalog for a while. */
    @Test
    void whatWasMeasuredInAnotherStepIsNotCounted() {
        long id = start(TWO_STEPS);
        long first = state(id).revision();
        measure(first, fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);

        measure(first, fine(300), new Measured(300, 300, Times.NONE, Times.NONE));
        clock.passes(Duration.ofMinutes(20));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.running);
        assertThat(rollouts.find("default", id).waitsFor()).contains("0 of 200");
        measure(state(id).revision(), fine(200), fine(200));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.done);
    }

    /** What gateways measured meanwhile comes after the database. */
    @Test
    void noStepEndsBeforeGatewaysHaveReportedAfterTheDatabaseWasAway() {
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        watch.unseen();
        watch.look();
        assertThat(state(id).step()).isZero();
        clock.passes(Duration.ofSeconds(2));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
    }

    @Test
    void noStepEndsBeforeGatewaysHaveReportedToACatalogThatStarts() {
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        begin();
        watch.hold();
        watch.look();
        assertThat(state(id).step()).isZero();
        clock.passes(Duration.ofSeconds(2));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
    }

    @Test
    void aRolloutWithoutTrafficWaitsAndSaysForWhat() {
        long id = start(TWO_STEPS);
        assertThat(rollouts.find("default", id).waitsFor())
                .contains("the end of the step at 2026-11-28T10:10:00Z");
        measure(fine(250), new Measured(7, 0, Times.NONE, Times.NONE));
        clock.passes(Duration.ofDays(3));
        watch.look();
        assertThat(state(id).step()).isZero();
        assertThat(rollouts.find("default", id).waitsFor())
                .isEqualTo(
                        "requests of sql@2 (7 of 200 for errorRate),"
                                + " streams of sql@2 (0 of 200 for firstToken)");
    }

    @Test
    void aVersionThatFailsIsTakenBackAtOnceAndTheReasonIsTold() {
        long id = start(TWO_STEPS);
        measure(fine(500), new Measured(60, 30, times(60, 50), Times.NONE));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
        assertThat(state(id).bound()).isEqualTo(Bound.errorRate);
        assertThat(state(id).reason())
                .startsWith(
                        "errorRate: 50.00 % of 60 requests of sql@2 failed, and 0.00 % of 500 of"
                                + " sql@1; allowed are 1.00 points more (p = ");
        assertThat(targets()).containsExactly(OLD.weighing(1));
        AuditEntry entry = new AuditLog(database).page("default", Long.MAX_VALUE, 1).getFirst();
        assertThat(entry.change().action()).isEqualTo("rollout.returned");
        assertThat(entry.change().actor()).isEqualTo(Actor.CATALOG);
        assertThat(entry.after()).contains("50.00 % of 60 requests", "\"bound\":\"errorRate\"");
        assertThat(moves("returned", "errorRate")).isEqualTo(1);
        measure(fine(5), fine(5)); // nobody cares any more
        assertThat(rollouts.find("default", id).findings().getFirst().before().count())
                .isEqualTo(500);
    }

    @Test
    void aVersionThatIsSlowIsTakenBack() {
        long id = start(TWO_STEPS);
        measure(
                new Measured(1000, 0, times(1000, 50), Times.NONE),
                new Measured(300, 0, times(300, 150), Times.NONE));
        watch.look();
        assertThat(state(id).bound()).isEqualTo(Bound.firstToken);
        assertThat(state(id).reason()).contains("90 % of 300 streams of sql@2 take up to 0.16");
    }

    @Test
    void aVersionWhoseTokensComeSlowlyIsTakenBack() {
        long id = start(plan(Map.of(Bound.timePerToken, 1.25)));
        Times alike = times(300, 50);
        measure(
                new Measured(1000, 0, alike, times(1000, 50)),
                new Measured(300, 0, alike, times(300, 150)));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
        assertThat(state(id).bound()).isEqualTo(Bound.timePerToken);
        assertThat(state(id).reason()).startsWith("timePerToken: 90 % of 300 streams of sql@2");
        assertThat(targets()).containsExactly(OLD.weighing(1));
    }

    @Test
    void aJudgesScoresCount() {
        long id = start(plan(Map.of(Bound.score, 0.05)));
        clock.passes(Duration.ofMinutes(10));
        rollouts.score("default", id, scores(45, 44.5, 50, null, null));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        rollouts.score("default", id, scores(90, 40, 100, null, null));
        watch.look();
        assertThat(state(id).bound()).isEqualTo(Bound.score);
        assertThat(state(id).reason())
                .startsWith("score: the mean of 100 scores of sql@2 is 0.400, and of 100 of sql@1");
    }

    @Test
    void scoresNobodyAskedForAreRefused() {
        long id = start(TWO_STEPS);
        assertThatThrownBy(() -> rollouts.score("default", id, scores(1, 0, 1, null, null)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("no bound 'score'");
    }

    @Test
    void scoresWithAnIdCountOnceAlsoInALaterStep() {
        long id = start(plan(Map.of(Bound.score, 0.05)));
        ScoresBody.Scores first = scores(45, 44.5, 50, "a", 1);
        for (int times = 0; times < 3; times++) {
            rollouts.score("default", id, first);
        }
        assertThat(scored(id)).isEqualTo(50);
        rollouts.score("default", id, scores(9, 9, 10, "b", null));
        assertThat(scored(id)).isEqualTo(60);
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        rollouts.score("default", id, first);
        assertThat(scored(id)).isZero();
        rollouts.score("default", id, scores(9, 9, 10, null, null));
        rollouts.score("default", id, scores(9, 9, 10, null, null));
        assertThat(scored(id)).isEqualTo(20);
    }

    @Test
    void scoresOfAnotherStepAreRefusedAndDoNotCountAsTaken() {
        long id = start(plan(Map.of(Bound.score, 0.05)));
        assertThatThrownBy(() -> rollouts.score("default", id, scores(9, 9, 10, "early", 2)))
                .isInstanceOf(ConflictException.class)
                .hasMessage("rollout " + id + " is in step 1, not in 2");
        rollouts.score("default", id, scores(45, 44.5, 50, "a", 1));
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThatThrownBy(() -> rollouts.score("default", id, scores(9, 9, 10, "late", 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessage("rollout " + id + " is in step 2, not in 1");
        rollouts.score("default", id, scores(9, 9, 10, "early", 2));
        assertThat(scored(id)).isEqualTo(10);

        rollouts.giveBack(ANNA, "default", id);
        assertThat(
                        database.<Integer>transaction(tx ->
                                tx.sql("SELECT COUNT(*) FROM rollout_batches")
                                        .query(Integer.class)
                                        .single()))
                .isZero();
    }

    private static ScoresBody.Scores scores(
            double before,
            double candidate,
            int count,
            @Nullable String id,
            @Nullable Integer step) {
        return new ScoresBody.Scores(
                new Observations(before, count), new Observations(candidate, count), id, step);
    }

    /** Scores of the new version in the step. */
    private long scored(long id) {
        return rollouts.find("default", id).findings().getFirst().candidate().count();
    }

    @Test
    void aReportCountsOnce() {
        long id = start(TWO_STEPS);
        MeasureReport report = report(fine(10), fine(3));
        books.book(report);
        books.book(report);
        assertThat(rollouts.find("default", id).findings().getFirst().before().count())
                .isEqualTo(10);
        assertThat(rollouts.find("default", id).findings().getFirst().candidate().count())
                .isEqualTo(3);
    }

    @Test
    void figuresOfOtherNamesAndVersionsDoNotCount() {
        long id = start(TWO_STEPS);
        books.book(
                new MeasureReport(
                        "gateway-2",
                        1,
                        List.of(
                                line(AdapterId.of("other"), "sql", 2, fine(9)),
                                line(new AdapterId("acme", "prod"), "sql", 2, fine(9)),
                                line(PROD, "french", 2, fine(9)),
                                line(PROD, "sql", 3, fine(9)))));
        assertThat(rollouts.find("default", id).findings())
                .allMatch(finding -> finding.before().count() + finding.candidate().count() == 0);
    }

    @Test
    void aPausedRolloutKeepsItsStepAndReturnsAllTheSame() {
        long id = start(TWO_STEPS);
        rollouts.pause(ANNA, "default", id);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofHours(1));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.paused);
        assertThat(state(id).reason()).isEqualTo("paused by anna");
        assertThatThrownBy(() -> rollouts.pause(ANNA, "default", id))
                .isInstanceOf(ConflictException.class);
        rollouts.resume(ANNA, "default", id);
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        rollouts.pause(ANNA, "default", id);
        measure(fine(300), new Measured(300, 200, Times.NONE, Times.NONE));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
    }

    @Test
    void aRolloutIsEndedByHand() {
        long id = start(TWO_STEPS);
        rollouts.giveBack(ANNA, "default", id);
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
        assertThat(state(id).reason()).isEqualTo("ended by anna");
        assertThat(targets()).containsExactly(OLD.weighing(1));
        assertThatThrownBy(() -> rollouts.giveBack(ANNA, "default", id))
                .isInstanceOf(ConflictException.class)
                .hasMessage("rollout " + id + " is returned");
        assertThat(moves("returned", "none")).isEqualTo(1);
    }

    @Test
    void whoeverChangesTheAliasStopsTheRollout() {
        long id = start(TWO_STEPS);
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(NEW.weighing(1)));
        measure(fine(300), new Measured(300, 300, Times.NONE, Times.NONE));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.stopped);
        assertThat(targets()).containsExactly(NEW.weighing(1));
        long next = rollouts.start(ANNA, PROD, NEW, OLD, TWO_STEPS).rollout().id();
        aliases.delete(ANNA, PROD, new Expected.Any());
        watch.look();
        assertThat(state(next).state()).isEqualTo(Rollout.State.stopped);
    }

    @Test
    void aVersionThatIsDisabledIsTakenBackOrWaitedFor() {
        versions.publish("french", 'c');
        var french = new RolledVersion("french", 1);
        long id = rollouts.start(ANNA, PROD, null, french, TWO_STEPS).rollout().id();
        versions.adapters.disable(ANNA, AdapterId.of("french"));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
        assertThat(state(id).reason()).isEqualTo("french@1 is not Ready any more");

        versions.adapters.enable(ANNA, AdapterId.of("french"));
        long next = rollouts.start(ANNA, PROD, null, french, TWO_STEPS).rollout().id();
        versions.adapters.disable(ANNA, AdapterId.of("french"));
        versions.adapters.disable(ANNA, AdapterId.of("sql"));
        watch.look();
        watch.look();
        assertThat(state(next).state()).isEqualTo(Rollout.State.paused);
        assertThat(state(next).reason()).startsWith("sql@1 is not Ready to return to.");
        assertThat(moves("pause", "none")).isEqualTo(1);
        versions.adapters.enable(ANNA, AdapterId.of("sql"));
        watch.look();
        assertThat(targets()).containsExactly(OLD.weighing(1));
    }

    @Test
    void aRolloutWhoseOldVersionIsDisabledPausesOnce() {
        versions.publish("french", 'c');
        var french = new RolledVersion("french", 1);
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(french.weighing(1)));
        long id = start(TWO_STEPS);
        books.book(
                new MeasureReport(
                        "gateway-1",
                        ++reports,
                        List.of(
                                line(PROD, "french", 1, fine(300)),
                                line(PROD, "sql", 2, fine(300)))));
        clock.passes(Duration.ofMinutes(10));
        versions.disable("french");
        watch.look();
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.paused);
        assertThat(state(id).reason()).isEqualTo("french@1 is not Ready: all requests go to sql@2");
        assertThat(moves("pause", "none")).isEqualTo(1);
        assertThat(audited().getFirst()).isEqualTo("rollout.pause");
        assertThatThrownBy(() -> rollouts.resume(ANNA, "default", id))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("french@1 is not Ready");

        versions.adapters.enable(ANNA, AdapterId.of("french"));
        rollouts.resume(ANNA, "default", id);
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
    }

    @Test
    void aRolloutGoesOnAfterARestart() {
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        database.close();
        database = databases.open(data);
        begin();
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        assertThat(targets()).containsExactly(OLD.weighing(50), NEW.weighing(50));
    }

    /** Several catalogs on one database look at the same time; one of them makes the step. */
    @Test
    void ofSeveralCatalogsOneMovesARollout() throws Exception {
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        try (ExecutorService catalogs = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> looks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                looks.add(
                        catalogs.submit(
                                new RolloutWatch(
                                                database,
                                                new RolloutMoves(aliases, clock),
                                                new RolloutMetrics(registry),
                                                () -> {},
                                                new Loops())
                                        ::look));
            }
            for (Future<?> look : looks) {
                look.get(90, TimeUnit.SECONDS);
            }
        }
        assertThat(state(id).step()).isEqualTo(1);
        assertThat(audited()).filteredOn("rollout.step"::equals).hasSize(1);
        assertThat(moves("step", "none")).isEqualTo(1);
    }

    @Test
    void anAliasHasOneRolloutAtATime() {
        long id = start(TWO_STEPS);
        assertThatThrownBy(() -> start(TWO_STEPS))
                .isInstanceOf(ConflictException.class)
                .hasMessage("alias 'prod' is in rollout " + id + " already");
        rollouts.giveBack(ANNA, "default", id);
        long next = start(TWO_STEPS);
        assertThat(rollouts.list(new ListPage("default", null, Long.MAX_VALUE, 10)))
                .extracting(shown -> shown.rollout().id())
                .containsExactly(next, id);
        assertThat(rollouts.list(new ListPage("default", "prod", next, 10))).hasSize(1);
        assertThat(rollouts.list(new ListPage("default", "other", Long.MAX_VALUE, 10))).isEmpty();
        assertThat(rollouts.list(new ListPage("acme", null, Long.MAX_VALUE, 10))).isEmpty();
        assertThatThrownBy(() -> rollouts.find("acme", id)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> rollouts.pause(ANNA, "acme", next))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aRollbackUndoesAWholeRollout() {
        versions.publish("french", 'c');
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(to("french")));
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(OLD.weighing(1)));
        long id = start(TWO_STEPS);
        finish();
        assertThat(state(id).state()).isEqualTo(Rollout.State.done);
        assertThat(rolledBack()).containsExactly(OLD.weighing(1));
        assertThat(rolledBack()).containsExactly(to("french"));
    }

    @Test
    void aRollbackAfterOneThatReturnedGoesToWhatWasThereBeforeItsOldVersion() {
        versions.publish("french", 'c');
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(to("french")));
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(OLD.weighing(1)));
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        measure(fine(300), new Measured(300, 200, Times.NONE, Times.NONE));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.returned);
        assertThat(rolledBack()).containsExactly(to("french"));
    }

    @Test
    void aRollbackAmongAndAfterItsStepsGoesToWhatWasThereBefore() {
        long id = start(TWO_STEPS);
        measure(fine(300), fine(300));
        clock.passes(Duration.ofMinutes(10));
        watch.look();
        assertThat(state(id).step()).isEqualTo(1);
        assertThat(rolledBack()).containsExactly(OLD.weighing(1));
        watch.look();
        assertThat(state(id).state()).isEqualTo(Rollout.State.stopped);

        start(TWO_STEPS);
        aliases.set(ANNA, PROD, new Expected.Any(), List.of(NEW.weighing(1)));
        watch.look();
        assertThat(rolledBack()).containsExactly(OLD.weighing(1));
    }

    @Test
    void aRollbackOfARolloutThatMadeItsAliasGoesToTheOldVersion() {
        aliases.delete(ANNA, PROD, new Expected.Any());
        rollouts.start(ANNA, PROD, OLD, NEW, TWO_STEPS);
        finish();
        assertThat(targets()).containsExactly(NEW.weighing(1));
        assertThat(rolledBack()).containsExactly(OLD.weighing(1));
        assertThatThrownBy(this::rolledBack)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("nothing else before");
    }

    private void finish() {
        for (int step = 0; step < 2; step++) {
            measure(fine(300), fine(300));
            clock.passes(Duration.ofMinutes(20));
            watch.look();
        }
    }

    private List<AliasTarget> rolledBack() {
        return aliases.rollBack(ANNA, PROD, new Expected.Any(), null).targets();
    }

    private static AliasTarget to(String adapter) {
        return new AliasTarget(adapter, 1, 1);
    }

    @Test
    void ofRolloutsThatAreStartedAtOnceAnAliasGetsOne() throws Exception {
        assertThat(AtOnce.count(4, this::isStarted)).isEqualTo(1);
    }

    private boolean isStarted() {
        try {
            start(TWO_STEPS);
            return true;
        } catch (ConflictException e) {
            assertThat(e).hasMessageContaining("already");
            return false;
        }
    }

    @Test
    void whatCannotBeRolledOutIsRefused() {
        assertThatThrownBy(() -> rollouts.start(ANNA, PROD, NEW, OLD, TWO_STEPS))
                .isInstanceOf(ConflictException.class)
                .hasMessage("alias 'prod' leads to sql@1, not to sql@2");
        assertThatThrownBy(() -> rollouts.start(ANNA, PROD, null, OLD, TWO_STEPS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("to 'sql@1' is not allowed");
        assertThatThrownBy(() ->
                        rollouts.start(ANNA, PROD, null, new RolledVersion("sql", 9), TWO_STEPS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("to 'sql@9' is not allowed");
        AdapterId fresh = AdapterId.of("fresh");
        assertThatThrownBy(() -> rollouts.start(ANNA, fresh, null, NEW, TWO_STEPS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("from is missing");
        rollouts.start(ANNA, fresh, OLD, NEW, TWO_STEPS);
        assertThat(aliases.find(fresh).targets())
                .containsExactly(OLD.weighing(90), NEW.weighing(10));
    }

    @Test
    void metricsSayHowManyThereAre() {
        long id = start(TWO_STEPS);
        watch.look();
        assertThat(registry.get("weft.catalog.rollouts").tag("state", "running").gauge().value())
                .isEqualTo(1);
        rollouts.giveBack(ANNA, "default", id);
        watch.look();
        assertThat(registry.get("weft.catalog.rollouts").tag("state", "running").gauge().value())
                .isZero();
        assertThat(moves("start", "none")).isEqualTo(1);
    }

    private double moves(String move, String bound) {
        return registry.get("weft.catalog.rollout.moves")
                .tag("move", move)
                .tag("bound", bound)
                .counter()
                .count();
    }

    @Test
    void aTenantHasSoManyRolloutsAtOnce() {
        var few =
                new Rollouts(
                        database,
                        aliases,
                        new RolloutMoves(aliases, clock),
                        watch,
                        new TenantRoom("rollouts", 1, "the.setting"));
        AdapterId other = AdapterId.of("another");
        aliases.set(ANNA, other, new Expected.Nothing(), List.of(OLD.weighing(1)));
        few.start(ANNA, PROD, null, NEW, TWO_STEPS);
        assertThatThrownBy(() -> few.start(ANNA, other, null, NEW, TWO_STEPS))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tenant 'default' has 1 rollouts: the.setting allows 1");
        assertThat(aliases.find(other).targets()).containsExactly(OLD.weighing(1));
    }

    private long start(Plan plan) {
        return rollouts.start(ANNA, PROD, null, NEW, plan).rollout().id();
    }

    private Rollout.Progress state(long id) {
        return rollouts.find("default", id).rollout().progress();
    }

    private List<AliasTarget> targets() {
        return aliases.find(PROD).targets();
    }

    private List<String> audited() {
        return new AuditLog(database)
                .page("default", Long.MAX_VALUE, 100).stream()
                        .map(entry -> entry.change().action())
                        .filter(action -> action.matches("(rollout|alias).*"))
                        .toList();
    }

    private void measure(Measured before, Measured candidate) {
        books.book(report(before, candidate));
    }

    private void measure(long revision, Measured before, Measured candidate) {
        books.book(
                new MeasureReport(
                        "gateway-1",
                        ++reports,
                        List.of(
                                line(PROD, "sql", 1, revision, before),
                                line(PROD, "sql", 2, revision, candidate))));
    }

    private MeasureReport report(Measured before, Measured candidate) {
        return new MeasureReport(
                "gateway-1",
                ++reports,
                List.of(line(PROD, "sql", 1, before), line(PROD, "sql", 2, candidate)));
    }

    private static MeasureReport.Line line(
            AdapterId name, String adapter, int number, Measured measured) {
        return line(name, adapter, number, 0, measured);
    }

    private static MeasureReport.Line line(
            AdapterId name, String adapter, int number, long revision, Measured measured) {
        return new MeasureReport.Line(
                new MeasuredVersion(name, new AdapterId(name.tenant(), adapter), number, revision),
                measured);
    }

    private static Measured fine(int requests) {
        return new Measured(requests, 0, times(requests, 50), Times.NONE);
    }

    private static Plan plan(Map<Bound, Double> bounds) {
        return new Plan(
                List.of(new Plan.Step(10, 600), new Plan.Step(50, 1200)),
                bounds,
                0.9,
                0.01,
                200,
                50);
    }
}
