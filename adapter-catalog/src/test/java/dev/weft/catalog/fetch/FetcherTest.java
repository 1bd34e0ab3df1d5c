package dev.weft.catalog.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests a source whose time passes only while somebody waits for it. */
class FetcherTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration WHOLE = Duration.ofMinutes(15);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Fetcher fetcher = new Fetcher(threads);
    private final List<Duration> pauses = new ArrayList<>();
    private volatile Instant now = START;

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    private long nanos() {
        return Duration.between(START, now).toNanos();
    }

    private String fetch(Callable<String> attempt) throws Exception {
        return fetcher.fetch(
                "adapter sql",
                attempt,
                FetchDeadline.in(this::nanos, WHOLE),
                (pause, _) -> {
                    pauses.add(pause);
                    now = now.plus(pause);
                });
    }

    private static SourceException fails(SourceFault fault) {
        return new SourceException(fault, "HF:o/n: no answer");
    }

    @Test
    void anOutageOfTenMinutesIsWaitedForWhateverTimeIsLeft() throws Exception {
        now = START;
        Instant back = START.plus(Duration.ofMinutes(24));
        String fetched =
                fetch(() -> {
                    if (now.equals(START)) {
                        now = START.plus(Duration.ofMinutes(14)); // most of its time
                        throw fails(SourceFault.TIMEOUT);
                    }
                    if (now.isBefore(back)) {
                        throw fails(SourceFault.UNREACHABLE);
                    }
                    return "here";
                });
        assertThat(fetched).isEqualTo("here");
        assertThat(now).isBeforeOrEqualTo(back.plusSeconds(5));
        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(5)) <= 0);
    }

    @Test
    void aSourceThatStaysAwayIsGivenUpAfterFourTimesTheTimeout() {
        assertThatThrownBy(() ->
                        fetch(() -> {
                            throw fails(SourceFault.UNREACHABLE);
                        }))
                .isInstanceOf(RejectedException.class)
                .satisfies(e ->
                        assertThat(((RejectedException) e).reasons().getFirst().message())
                                .contains("900 s", "ingest-timeout", "2700 s more", "no answer"));
        assertThat(now).isBetween(START.plus(WHOLE.multipliedBy(4)).minusSeconds(6), now);
    }

    @Test
    void whatIsCorruptIsTriedWithinTheTimeoutOnly() {
        assertThatThrownBy(() ->
                        fetch(() -> {
                            throw fails(SourceFault.CORRUPT);
                        }))
                .isInstanceOf(RejectedException.class);
        assertThat(now).isBefore(START.plus(WHOLE));
    }

    /** The operator must act, so that neither the deadline nor a reason is right. */
    @Test
    void aDiskThatIsFullIsNobodysReason() {
        assertThatThrownBy(() ->
                        fetch(() -> {
                            throw fails(SourceFault.STORAGE);
                        }))
                .isInstanceOf(DiskException.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatDoesNotPassIsNotTriedAgain() {
        for (SourceFault fault : List.of(SourceFault.NOT_FOUND, SourceFault.UNAUTHORIZED)) {
            assertThatThrownBy(() ->
                            fetch(() -> {
                                throw fails(fault);
                            }))
                    .isInstanceOf(RejectedException.class);
        }
        assertThat(pauses).isEmpty();
    }
}
