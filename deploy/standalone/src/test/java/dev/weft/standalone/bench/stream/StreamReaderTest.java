package dev.weft.standalone.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests with a clock that the test sets, so the times are exactly those of the pieces. */
final class StreamReaderTest {
    private static final String DONE = "data: [DONE]\n\n";

    private long now = 1000;
    private final StreamReader reader = new StreamReader(1000, () -> now, 4);

    private static String text(String text) {
        return "data: {\"choices\":[{\"text\":\"" + text + "\"}]}\n\n";
    }

    private void at(long time, String... pieces) {
        now = time;
        for (String piece : pieces) {
            reader.onNext(List.of(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private Outcome outcome() throws Exception {
        return reader.getBody().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    @Test
    void timesAreThoseWhenTextCame() throws Exception {
        at(1005, "data: {\"choices\":[{\"text\":\"\"}]}\n\n");
        at(1010, text("a").substring(0, 20));
        at(1030, text("a").substring(20) + text("b"));
        at(1075, text("c"));
        at(
                1080,
                "data:"
                    + " {\"choices\":[],\"usage\":{\"prompt_tokens\":45,\"completion_tokens\":5}}\n\n"
                        + DONE);
        at(1090);
        reader.onComplete();
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answer -> {
                            assertThat(answer.firstText()).isEqualTo(30);
                            assertThat(answer.gaps()).containsExactly(0, 45);
                            assertThat(answer.textEvents()).isEqualTo(3);
                            assertThat(answer.promptTokens()).isEqualTo(45);
                            assertThat(answer.outputTokens()).isEqualTo(5);
                        });
    }

    @Test
    void withoutUsageEventsCountAsTokens() throws Exception {
        at(1010, text("a"), text("b"), DONE);
        reader.onComplete();
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answer -> {
                            assertThat(answer.outputTokens()).isEqualTo(2);
                            assertThat(answer.promptTokens()).isEqualTo(-1);
                        });
    }

    @Test
    void aStreamThatEndsEarlyFailed() throws Exception {
        at(1010, text("a"));
        reader.onComplete();
        assertThat(outcome())
                .isEqualTo(
                        new Outcome.Failed(
                                new Failure("broke-off", "the stream ended without [DONE]")));
    }

    @Test
    void anErrorWithinFailedEvenIfDoneFollows() throws Exception {
        at(1010, text("a"), "data: {\"error\":{\"message\":\"worker left\"}}\n\n", DONE);
        reader.onComplete();
        assertThat(outcome())
                .isEqualTo(new Outcome.Failed(new Failure("error-event", "worker left")));
    }

    @Test
    void anEventNamedErrorIsAFailureWhateverItSays() throws Exception {
        at(1010, text("a"), "event: error\r\ndata: ba", "d\r\n\r\n", DONE);
        reader.onComplete();
        assertThat(outcome()).isEqualTo(new Outcome.Failed(new Failure("error-event", "bad")));
    }

    @Test
    void aLastEventWithoutItsEmptyLineCounts() throws Exception {
        at(1010, text("a"), DONE.strip());
        reader.onComplete();
        assertThat(outcome()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aLostConnectionFailedUnlessAllWasThere() throws Exception {
        at(1010, text("a"));
        reader.onError(new IOException("reset"));
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo("connection-lost"));

        var whole = new StreamReader(1000, () -> now, 4);
        whole.onNext(List.of(ByteBuffer.wrap((text("a") + DONE).getBytes(StandardCharsets.UTF_8))));
        whole.onError(new IOException("reset"));
        assertThat(whole.getBody().toCompletableFuture().get(1, TimeUnit.MINUTES))
                .isInstanceOf(Outcome.Answered.class);
    }
}
