package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

class WholeEventsTest {
    private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();

    private final WholeEvents events = new WholeEvents(BUFFERS);

    private String next(String text) {
        return text(events.next(BUFFERS.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String text(@Nullable DataBuffer buffer) {
        return buffer == null ? "" : buffer.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wholeEventsPassAsTheyAreWithoutACopy() {
        DataBuffer buffer = BUFFERS.wrap("data: a\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(events.next(buffer)).isSameAs(buffer);
    }

    @Test
    void halfAnEventWaitsForTheRestOfIt() {
        assertThat(next("data: a\n\ndata: b")).isEqualTo("data: a\n\n");
        assertThat(next("\n")).isEmpty();
        assertThat(next("\ndata: c\n\n")).isEqualTo("data: b\n\ndata: c\n\n");
        assertThat(events.rest()).isNull();
    }

    @Test
    void whatIsLeftAtTheEndIsGivenOut() {
        assertThat(next("data: a")).isEmpty();
        assertThat(text(events.rest())).isEqualTo("data: a");
    }

    @Test
    void anEventWithoutEndPassesOnceItIsTooLarge() {
        assertThat(next("x".repeat(600_000))).isEmpty();
        assertThat(next("y".repeat(600_000))).hasSize(1_200_000);
    }

    @Test
    void onlyWholeEventsAreOutAtAnyMomentAndNothingIsLostHoweverTheBytesAreCut() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            String stream =
                    ": hi||event: x|data: zwölf 🧵||data: 2|data: 3||data: [DONE]||"
                            .replace("|", end);
            byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
            for (int seed = 0; seed < 300; seed++) {
                Random random = new Random(seed);
                WholeEvents each = new WholeEvents(BUFFERS);
                StringBuilder out = new StringBuilder();
                for (int at = 0; at < bytes.length; ) {
                    int to = Math.min(bytes.length, at + 1 + random.nextInt(9));
                    out.append(text(each.next(BUFFERS.wrap(Arrays.copyOfRange(bytes, at, to)))));
                    at = to;
                    assertThat(stream).startsWith(out);
                    if (!end.equals("\r\n") && !out.isEmpty()) {
                        assertThat(out.toString()).endsWith(end + end);
                    }
                }
                assertThat(out + text(each.rest())).isEqualTo(stream);
            }
        }
    }
}
