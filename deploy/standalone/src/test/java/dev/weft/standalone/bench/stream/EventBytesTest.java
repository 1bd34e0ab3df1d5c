package dev.weft.standalone.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventBytesTest {
    private static final String STREAM =
            """
            : a comment

            data: {"text":"caf\u00e9"}

            id: 7
            data:without a space

            event: error
            data: bad

            data: one
            data: two

            data: [DONE]

            """;

    private static List<String> events(String stream, int piece) {
        var events = new ArrayList<String>();
        var bytes =
                new EventBytes((data, length, error) ->
                        events.add(
                                (error ? "! " : "")
                                        + new String(data, 0, length, StandardCharsets.UTF_8)));
        byte[] all = stream.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length; at += piece) {
            bytes.add(ByteBuffer.wrap(all, at, Math.min(piece, all.length - at)));
        }
        bytes.end();
        return events;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 11, 1000})
    void findsTheSameEventsHoweverTheStreamIsCut(int piece) {
        List<String> expected =
                List.of(
                        "{\"text\":\"caf\u00e9\"}",
                        "without a space",
                        "! bad",
                        "one\ntwo",
                        "[DONE]");
        assertThat(events(STREAM, piece)).isEqualTo(expected);
        assertThat(events(STREAM.replace("\n", "\r\n"), piece)).isEqualTo(expected);
    }

    @Test
    void aLastEventWithoutItsEmptyLineCounts() {
        assertThat(events("data: a\n\ndata: [DONE]", 4)).containsExactly("a", "[DONE]");
        assertThat(events("data: a\n\ndata: [DONE]\n", 4)).containsExactly("a", "[DONE]");
    }
}
