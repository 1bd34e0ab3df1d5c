package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PooledWorkerTest {
    private static final Duration SILENCE = ProbeTimes.DEFAULT.silence();
    private static final ProbeResult READY = new ProbeResult.Ready(Map.of("tiny", "x"));
    private static final ProbeResult SILENT = new ProbeResult.Silent("no answer");

    private final AtomicLong nanos = new AtomicLong();
    private final PooledWorker worker =
            new PooledWorker(URI.create("http://127.0.0.1:1"), SILENCE, nanos::get);
    private final Lease lease = new Lease(worker, null, () -> {});

    private void after(Duration time, ProbeResult found) {
        nanos.addAndGet(time.toNanos());
        worker.found(found);
    }

    @Test
    void oneThatAnswersNoProbeIsGivenUpWithWhatItHas() {
        worker.found(READY);
        after(SILENCE, SILENT);
        assertThat(worker.snapshot().ready()).isFalse();
        assertThat(lease.lost()).isCompletedWithValue("no answer");
    }

    @Test
    void oneThatStillSendsAnswersIsOnlyBusy() {
        worker.found(READY);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        lease.heard();
        after(SILENCE.minusMillis(1), SILENT);
        assertThat(worker.snapshot().ready()).isTrue();
        assertThat(lease.lost()).isNotDone();
        after(SILENCE, SILENT);
        assertThat(worker.snapshot().ready()).isFalse();
        assertThat(lease.lost()).isDone();
    }

    @Test
    void oneThatSaysThatItIsDownIsGivenUpAtOnce() {
        worker.found(READY);
        after(Duration.ofSeconds(1), new ProbeResult.Down("stalled"));
        assertThat(lease.lost()).isCompletedWithValue("stalled");
        assertThat(worker.state()).isEqualTo(ProbedState.UNREADY);
    }

    @Test
    void oneThatTakesNoMoreRequestsKeepsThoseItHas() {
        worker.found(READY);
        after(Duration.ofHours(1), new ProbeResult.Refusing("readiness answered 503"));
        assertThat(worker.state()).isEqualTo(ProbedState.DRAINING);
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void oneWhosePortIsClosedHasAMomentToEndItsAnswers() {
        worker.found(READY);
        after(Duration.ofSeconds(1), new ProbeResult.Unreachable("refused"));
        assertThat(worker.snapshot().ready()).isFalse();
        assertThat(lease.lost()).isNotDone();
        after(SILENCE, new ProbeResult.Unreachable("refused"));
        assertThat(lease.lost()).isDone();
    }

    @Test
    void aProbeThatTheGatewayMissedSaysNothing() {
        worker.found(READY);
        after(Duration.ofHours(1), new ProbeResult.Missed());
        assertThat(worker.snapshot().ready()).isTrue();
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void aRequestThatComesToAGivenUpWorkerIsLostAtOnceUntilItAnswersAgain() {
        worker.found(READY);
        after(SILENCE, SILENT);
        assertThat(new Lease(worker, null, () -> {}).lost()).isDone();
        worker.found(READY);
        assertThat(new Lease(worker, null, () -> {}).lost()).isNotDone();
        assertThat(worker.snapshot().ready()).isTrue();
    }

    private static WorkerState state(boolean draining) {
        return new WorkerState(draining, 2, Map.of(), new WorkerLoad(4, 0, Map.of(), 0, 0, 0));
    }

    @Test
    void whatItToldGrowsStale() {
        assertThat(worker.snapshot().told()).isNull();
        worker.found(READY);
        worker.tells(state(false));
        assertThat(worker.snapshot().told()).isEqualTo(ToldState.of(state(false), 1));
        after(Duration.ofSeconds(4), READY);
        assertThat(worker.snapshot().told()).isEqualTo(ToldState.of(state(false), 1).old());
        assertThat(worker.stateAge()).contains(Duration.ofSeconds(4));
        worker.tells(state(false));
        assertThat(worker.snapshot().told()).isEqualTo(ToldState.of(state(false), 1));
    }

    @Test
    void whatItToldIsForgottenWhenItIsBackFromBeingGone() {
        for (ProbeResult gone :
                List.of(new ProbeResult.Unreachable("refused"), new ProbeResult.Down("stalled"))) {
            worker.found(READY);
            worker.tells(state(false));
            after(Duration.ofSeconds(1), gone);
            after(Duration.ofSeconds(9), READY);
            assertThat(worker.snapshot().told()).isNull();
            assertThat(worker.snapshot().isStale()).isFalse();
            assertThat(worker.stateAge()).isEmpty();
        }
    }

    @Test
    void whatItTellsInItsNewLifeCountsAlsoBeforeItsProbe() {
        worker.found(READY);
        after(Duration.ofSeconds(1), new ProbeResult.Unreachable("refused"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        worker.tells(state(false));
        after(Duration.ofSeconds(1), READY);
        assertThat(worker.snapshot().told()).isEqualTo(ToldState.of(state(false), 1));
    }

    @Test
    void oneThatTellsThatItDrainsTakesNoMoreRequestsAndKeepsThoseItHas() {
        worker.found(READY);
        worker.tells(state(true));
        assertThat(worker.snapshot().ready()).isFalse();
        assertThat(worker.state()).isEqualTo(ProbedState.DRAINING);
        assertThat(lease.lost()).isNotDone();
        worker.found(READY); // it was started anew
        assertThat(worker.snapshot().ready()).isTrue();
    }

    @Test
    void failuresInARowKeepItFromRequestsThoughItsProbesAreGood() {
        worker.found(READY);
        for (int i = 0; i < 5; i++) {
            Lease each = new Lease(worker, null, () -> {});
            each.failed();
            each.failed(); // one request fails once
        }
        after(Duration.ofSeconds(1), READY);
        assertThat(worker.snapshot().share()).isZero();
        assertThat(worker.snapshot().ready()).isTrue();
        assertThat(worker.health().ejections()).isEqualTo(1);
        after(Duration.ofSeconds(30), READY);
        assertThat(worker.snapshot().share()).isEqualTo(1);
    }

    @Test
    void adaptersOfRequestsAreKnownUntilTheLastOneEnds() {
        AdapterDigest adapter = new AdapterDigest("a".repeat(64));
        Lease one = new Lease(worker, adapter, () -> {});
        Lease two = new Lease(worker, adapter, () -> {});
        one.close();
        one.close();
        assertThat(worker.snapshot().asked()).containsExactly(adapter);
        assertThat(worker.snapshot().residence(adapter)).isEqualTo(Residence.IN_SLOT);
        two.close();
        assertThat(worker.snapshot().asked()).isEmpty();
    }

    @Test
    void aWorkerThatHangsIsNoticedWithinFiveSeconds() {
        ProbeTimes times = ProbeTimes.DEFAULT;
        assertThat(times.pause().plus(times.silence())).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() ->
                        new ProbeTimes(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(3)))
                .hasMessageContaining("PT5S");
    }
}
