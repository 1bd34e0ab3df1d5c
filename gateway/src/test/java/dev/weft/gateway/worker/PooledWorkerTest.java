package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
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
    private final Lease lease = new Lease(worker, () -> {});

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
        assertThat(new Lease(worker, () -> {}).lost()).isDone();
        worker.found(READY);
        assertThat(new Lease(worker, () -> {}).lost()).isNotDone();
        assertThat(worker.snapshot().ready()).isTrue();
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
