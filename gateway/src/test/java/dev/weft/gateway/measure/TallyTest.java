package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.service.settings.MetricsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final MockClock clock = new MockClock();
    private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final CatalogView catalog = new CatalogView();
    private final RequestMetrics metrics =
            new RequestMetrics(
                    registry,
                    new KnownBases(ServedBases.of("base"), catalog),
                    catalog,
                    new MetricsSettings(true, 10));

    private Answered answered(Consumer<Tally> request) {
        List<Answered> heard = new ArrayList<>();
        Tally tally = new Tally(metrics, Operation.CHAT, RequestTrace.NONE);
        tally.account(heard::add);
        request.accept(tally);
        assertThat(heard).hasSize(1);
        return heard.getFirst();
    }

    @Test
    void knowsWhenAWorkerWasFirstAsked() {
        Answered answer =
                answered(tally -> {
                    clock.add(Duration.ofSeconds(9)); // its body came slowly, and it waited
                    tally.asked();
                    clock.add(Duration.ofSeconds(1));
                    tally.asked(); // another one: the first has failed
                    clock.add(Duration.ofSeconds(1));
                    tally.streaming();
                    tally.ended(200);
                });

        assertThat(answer.isAsked()).isTrue();
        assertThat(answer.askedNanos()).isEqualTo(9 * SECOND);
        assertThat(answer.firstNanos()).isEqualTo(11 * SECOND);
    }

    @Test
    void aRequestWhoseTimeIsOverBeforeAWorkerIsAskedIsCountedAsThat() {
        ApiException late = new ApiException(ErrorCode.TIMEOUT, "late");
        assertThat(answered(tally -> tally.failed(late)).outcome())
                .isEqualTo(RequestOutcome.TIMED_OUT);
        Answered expired =
                answered(tally -> {
                    tally.expires(() -> true);
                    tally.failed(late);
                });
        assertThat(expired.outcome()).isEqualTo(RequestOutcome.EXPIRED);
        assertThat(expired.isAsked()).isFalse();
        assertThat(registry.get("weft.gateway.refusals").tag("reason", "timeout").counter().count())
                .isEqualTo(2);
    }

    /** A client that reads slowly does not make a version slow. */
    @Test
    void tokensCountUntilTheClientKeepsTheWorkerWaiting() {
        Answered answer =
                answered(tally -> {
                    tally.keptWaiting(); // nothing was there yet
                    for (int token = 1; token <= 3; token++) {
                        tally.told(new TokenCount(7, token));
                        tally.streaming();
                        clock.add(Duration.ofSeconds(1));
                    }
                    clock.add(Duration.ofSeconds(50));
                    tally.keptWaiting();
                    tally.told(new TokenCount(7, 9));
                    tally.streaming();
                    clock.add(Duration.ofSeconds(50));
                    tally.keptWaiting();
                    tally.ended(200);
                });

        assertThat(answer.told()).isEqualTo(new TokenCount(7, 9));
        assertThat(answer.nanosPerToken()).hasValue(SECOND);
    }

    @Test
    void theEndOfAnAnswerThatIsReadSlowlyIsNoTimeOfItsTokens() {
        Answered answer =
                answered(tally -> {
                    for (int token = 1; token <= 3; token++) {
                        tally.told(new TokenCount(7, token));
                        tally.streaming();
                        clock.add(Duration.ofSeconds(1));
                    }
                    clock.add(Duration.ofSeconds(50));
                    tally.ended(200);
                });

        assertThat(answer.nanosPerToken()).hasValue(SECOND);
    }

    @Test
    void aFirstEventAloneTellsNoTimeOfTokens() {
        Answered answer =
                answered(tally -> {
                    tally.told(new TokenCount(7, 3));
                    tally.streaming();
                    tally.keptWaiting();
                    tally.told(new TokenCount(7, 9));
                    tally.streaming();
                    tally.ended(200);
                });

        assertThat(answer.firstNanos()).isZero();
        assertThat(answer.nanosPerToken()).isEmpty();
    }

    @Test
    void everyAccountHearsOfTheEndWhateverTheOthersDo() {
        List<Answered> heard = new ArrayList<>();
        Tally tally = new Tally(metrics, Operation.CHAT, RequestTrace.NONE);
        tally.account(_ -> {
            throw new IllegalStateException("it can't be booked");
        });
        tally.account(heard::add);
        tally.account(_ -> {
            throw new StackOverflowError();
        });
        tally.account(heard::add);
        tally.ended(200);

        assertThat(heard).hasSize(2);
        assertThat(heard.getFirst().outcome()).isEqualTo(RequestOutcome.OK);
        assertThat(
                        registry.get("gen_ai.server.request.duration")
                                .tag("weft.outcome", "ok")
                                .timers())
                .anyMatch(timer -> timer.count() == 1);
    }

    /** Such as a grammar that allows nothing more: the version that answered is not to blame. */
    @Test
    void aStreamThatItsOwnRequestEndsIsNoFailure() {
        for (ErrorCode code : ErrorCode.values()) {
            Answered answer =
                    answered(tally -> {
                        tally.asked();
                        tally.streaming();
                        tally.failed(code.code());
                    });
            assertThat(answer)
                    .isEqualTo(
                            answered(tally -> {
                                tally.asked();
                                tally.streaming();
                                tally.broken(code);
                            }));
            assertThat(answer.outcome().failed()).as("%s", code).isEqualTo(code.status() >= 500);
            assertThat(answer.outcome())
                    .isEqualTo(
                            code == ErrorCode.TIMEOUT
                                    ? RequestOutcome.TIMED_OUT
                                    : code.status() >= 500
                                            ? RequestOutcome.BROKEN
                                            : RequestOutcome.REFUSED);
        }
        assertThat(answered(tally -> tally.failed("what?")).outcome())
                .isEqualTo(RequestOutcome.BROKEN);
    }

    /** A client that stops to read can't be told from a worker that stops to write. */
    @Test
    void timeThatAClientKeptItsWorkerWaitingIsNotTheVersions() {
        assertThat(
                        answered(
                                        tally -> {
                                            tally.asked();
                                            tally.streaming();
                                            tally.keptWaiting();
                                            tally.broken(ErrorCode.TIMEOUT);
                                        })
                                .outcome())
                .isEqualTo(RequestOutcome.BROKEN);
    }

    @Test
    void anotherFailureWithinTheClientsTimeIsOne() {
        assertThat(
                        answered(
                                        tally -> {
                                            tally.expires(() -> true);
                                            tally.asked();
                                            tally.broken(ErrorCode.WORKER_FAILED);
                                        })
                                .outcome())
                .isEqualTo(RequestOutcome.BROKEN);
    }
}
