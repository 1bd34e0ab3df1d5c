package dev.weft.protocol.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    /** An event with its data as text. */
    private record Event(String id, String event, String data) {}

    private final List<Event> events = new ArrayList<>();
    private final EventReader reader = new EventReader();

    private void read(String text) throws IOException {
        read(reader, text.getBytes(StandardCharsets.UTF_8), events);
    }

    private static void read(EventReader reader, byte[] bytes, List<Event> to) throws IOException {
        reader.read(ByteBuffer.wrap(bytes), listener(reader, to));
    }

    private static EventReader.Listener<IOException> listener(EventReader reader, List<Event> to) {
        return (name, data, length) ->
                to.add(
                        new Event(
                                reader.lastId(),
                                name,
                                new String(data, 0, length, StandardCharsets.UTF_8)));
    }

    @Test
    void readsNameIdAndData() throws IOException {
        read("id: 7\nevent: published\ndata: {\"a\":1}\n\n");
        assertThat(events).containsExactly(new Event("7", "published", "{\"a\":1}"));
    }

    @Test
    void joinsSeveralDataLinesAndTakesOffOneSpace() throws IOException {
        read("data:a\ndata\ndata:  b\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a\n\n b"));
    }

    @Test
    void commentsAndUnknownFieldsAreNoEvents() throws IOException {
        read(": heartbeat\n\n:\n\nfoo: bar\n\nevent: x\n\n");
        assertThat(events).isEmpty();
        read("data: a\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a"));
    }

    @Test
    void theIdStaysUntilAnotherComes() throws IOException {
        read("id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n");
        assertThat(events).extracting(Event::id).containsExactly("1", "1", "1", "");
    }

    @Test
    void retryIsANumberOrIsPassedOver() throws IOException {
        read("retry: 1500\nretry: soon\nretry: -1\nretry:\n");
        assertThat(reader.retryMillis()).isEqualTo(1500);
    }

    @Test
    void aByteOrderMarkBeforeTheFirstFieldIsTakenOff() throws IOException {
        read("\uFEFFdata: a\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a"));
    }

    @Test
    void aLongLineIsReadWholeAndTheNextOneIsItsOwn() throws IOException {
        String entry = "{\"name\":\"ä\"}";
        String all = entry.repeat(300_000);
        read("event: snapshot\ndata: " + all.substring(0, 2_000_001));
        read(all.substring(2_000_001) + "\n\ndata: " + entry + "\n\n");
        assertThat(events)
                .containsExactly(new Event("", "snapshot", all), new Event("", "message", entry));
    }

    @Test
    void anEventThatIsNotEndedIsNotDispatched() throws IOException {
        read("data: a\n");
        assertThat(events).isEmpty();
    }

    @Test
    void aLastEventWithoutItsEmptyLineCountsAtTheEndOfTheStream() throws IOException {
        for (String stream : List.of("data: a\n\ndata: [DONE]", "data: a\n\ndata: [DONE]\n")) {
            List<Event> seen = new ArrayList<>();
            EventReader each = new EventReader();
            read(each, stream.getBytes(StandardCharsets.UTF_8), seen);
            each.end(listener(each, seen));
            assertThat(seen).extracting(Event::data).containsExactly("a", "[DONE]");
        }
    }

    @Test
    void aLineOfOver256MebibytesIsRefused() throws IOException {
        byte[] piece = new byte[1 << 24];
        for (int i = 0; i < 16; i++) {
            read(reader, piece, events);
        }
        assertThatThrownBy(() -> read("x"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("over 268435456 bytes");
    }

    @Test
    void anEventOverItsOwnBoundIsRefusedWhateverItsLines() throws IOException {
        EventReader small = new EventReader(20);
        read(small, "data: 12345678\ndata: 12345678\n\n".getBytes(UTF_8), events);
        assertThat(events).hasSize(1);
        assertThatThrownBy(() -> read(small, "data: 12345678\n".repeat(3).getBytes(UTF_8), events))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("over 20 bytes");
    }

    @Test
    void readsWhatAWriterWrites() throws IOException {
        for (boolean spaced : List.of(true, false)) {
            EventWriter writer = new EventWriter(16, spaced);
            writer.comment("note").id("7").event("published").data("zwölf").data(EventWriter.DONE);
            List<Event> seen = new ArrayList<>();
            read(new EventReader(), writer.toByteArray(), seen);
            assertThat(seen)
                    .extracting(Event::event, Event::data)
                    .containsExactly(tuple("published", "zwölf"), tuple("message", "[DONE]"));
        }
    }

    @Test
    void readsTheSameHoweverTheBytesAreCutAndTheLinesEnd() throws IOException {
        String lines = ": hello|id: 1|event: e|data: zwölf 🧵|data: b||retry: 5|data: c||";
        List<Event> expected =
                List.of(new Event("1", "e", "zwölf 🧵\nb"), new Event("1", "message", "c"));
        for (String end : List.of("\n", "\r", "\r\n")) {
            byte[] bytes = lines.replace("|", end).getBytes(StandardCharsets.UTF_8);
            for (int cut = 0; cut <= bytes.length; cut++) {
                List<Event> seen = new ArrayList<>();
                EventReader each = new EventReader();
                read(each, Arrays.copyOf(bytes, cut), seen);
                read(each, Arrays.copyOfRange(bytes, cut, bytes.length), seen);
                assertThat(seen).as("cut at %d, lines end with %s", cut, end).isEqualTo(expected);
            }
            List<Event> seen = new ArrayList<>();
            EventReader single = new EventReader();
            for (byte b : bytes) {
                read(single, new byte[] {b}, seen);
            }
            assertThat(seen).isEqualTo(expected);
        }
    }
}
