package dev.weft.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.Pace;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VersionFiguresTest {
    private static final long SECOND = 1_000_000_000L;

    private final VersionFigures figures = new VersionFigures();

    private static Answered answered(RequestOutcome outcome, long asked, long first) {
        return new Answered(
                Operation.CHAT, outcome, "", 14 * SECOND, asked, first, new TokenCount(5, 5));
    }

    /** A client with a slow line, or a full fleet, doesn't make a version slow. */
    @Test
    void timesBeginWhenAWorkerIsAsked() {
        figures.add(answered(RequestOutcome.OK, 9 * SECOND, 10 * SECOND));

        assertThat(figures.sum().firstToken()).isEqualTo(once(SECOND));
        assertThat(figures.sum().perToken()).isEqualTo(once(SECOND));
    }

    @Test
    void failuresAreOfRequestsThatAWorkerWasAskedFor() {
        figures.add(answered(RequestOutcome.UNAVAILABLE, -1, -1));
        figures.add(answered(RequestOutcome.TIMED_OUT, -1, -1));
        assertThat(figures.sum()).isEqualTo(Measured.NONE);

        figures.add(answered(RequestOutcome.UNAVAILABLE, 0, -1));
        figures.add(answered(RequestOutcome.EXPIRED, 0, -1));
        assertThat(figures.sum().requests()).isEqualTo(1);
        assertThat(figures.sum().failures()).isEqualTo(1);
    }

    /** Else whoever stops to read long answers of a version takes it back. */
    @Test
    void silenceWithinAnAnswerIsNoFailureOfTheVersion() {
        figures.add(broken(ErrorCode.TIMEOUT));
        assertThat(figures.sum()).isEqualTo(Measured.NONE);

        figures.add(broken(ErrorCode.INTERNAL));
        assertThat(figures.sum().failures()).isEqualTo(1);
    }

    /** Before the first event its reading has no influence. */
    @Test
    void silenceBeforeAnAnswerIsAFailure() {
        figures.add(answered(RequestOutcome.TIMED_OUT, 0, -1));
        assertThat(figures.sum().failures()).isEqualTo(1);
    }

    /** Else whoever asks for long answers in one piece takes the version back. */
    @Test
    void aWholeAnswerThatTakesTooLongIsNoFailureOfTheVersion() {
        figures.add(
                new Answered(
                        Operation.CHAT,
                        RequestOutcome.TIMED_OUT,
                        ErrorCode.TIMEOUT.code(),
                        14 * SECOND,
                        0,
                        Pace.WHOLE,
                        null));
        assertThat(figures.sum()).isEqualTo(Measured.NONE);
    }

    private static Answered broken(ErrorCode error) {
        return new Answered(
                Operation.CHAT,
                RequestOutcome.BROKEN,
                error.code(),
                14 * SECOND,
                0,
                SECOND,
                new TokenCount(5, 5));
    }

    private static Times once(long nanos) {
        return new Times(new TreeMap<>(Map.of(Times.bucket(nanos), 1L)));
    }
}
