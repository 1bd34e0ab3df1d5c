package dev.weft.protocol.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamParserTest {
    /** An event with its data as text. */
    private record Event(String id, String event, String data) {
        static Event of(ServerSentEvent read) {
            return new Event(
                    read.id(), read.event(), StandardCharsets.UTF_8.decode(read.data()).toString());
        }
    }

    private final List<Event> events = new ArrayList<>();
    private final EventStreamParser parser = parser(events);

    private static EventStreamParser parser(List<Event> to) {
        return new EventStreamParser(event -> to.add(Event.of(event)));
    }

    private void read(String text) {
        parser.accept(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsNameIdAndData() {
        read("id: 7\nevent: published\ndata: {\"a\":1}\n\n");
        assertThat(events).containsExactly(new Event("7", "published", "{\"a\":1}"));
    }

    @Test
    void joinsSeveralDataLinesAndTakesOffOneSpace() {
        read("data:a\ndata\ndata:  b\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a\n\n b"));
    }

    @Test
    void commentsAndUnknownFieldsAreNoEvents() {
        read(": heartbeat\n\n:\n\nfoo: bar\n\nevent: x\n\n");
        assertThat(events).isEmpty();
        read("data: a\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a"));
    }

    @Test
    void theIdStaysUntilAnotherComes() {
        read("id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n");
        assertThat(events).extracting(Event::id).containsExactly("1", "1", "1", "");
    }

    @Test
    void retryIsANumberOrIsPassedOver() {
        read("retry: 1500\nretry: soon\nretry: -1\nretry:\n");
        assertThat(parser.retryMillis()).isEqualTo(1500);
    }

    @Test
    void aByteOrderMarkBeforeTheFirstFieldIsTakenOff() {
        read("\uFEFFdata: a\n\n");
        assertThat(events).containsExactly(new Event("", "message", "a"));
    }

    @Test
    void aLongLineIsReadWholeAndTheNextOneIsItsOwn() {
        String entry = "{\"name\":\"ä\"}";
        String all = entry.repeat(300_000);
        read("event: snapshot\ndata: " + all.substring(0, 2_000_001));
        read(all.substring(2_000_001) + "\n\ndata: " + entry + "\n\n");
        assertThat(events)
                .containsExactly(new Event("", "snapshot", all), new Event("", "message", entry));
    }

    @Test
    void anEventThatIsNotEndedIsNotDispatched() {
        read("data: a\n");
        assertThat(events).isEmpty();
    }

    @Test
    void readsTheSameHoweverTheBytesAreCutAndTheLinesEnd() {
        String lines = ": hello|id: 1|event: e|data: zwölf 🧵|data: b||retry: 5|data: c||";
        List<Event> expected =
                List.of(new Event("1", "e", "zwölf 🧵\nb"), new Event("1", "message", "c"));
        for (String end : List.of("\n", "\r", "\r\n")) {
            byte[] bytes = lines.replace("|", end).getBytes(StandardCharsets.UTF_8);
            for (int cut = 0; cut <= bytes.length; cut++) {
                List<Event> seen = new ArrayList<>();
                EventStreamParser each = parser(seen);
                each.accept(ByteBuffer.wrap(Arrays.copyOf(bytes, cut)));
                each.accept(ByteBuffer.wrap(Arrays.copyOfRange(bytes, cut, bytes.length)));
                assertThat(seen).as("cut at %d, lines end with %s", cut, end).isEqualTo(expected);
            }
            List<Event> seen = new ArrayList<>();
            EventStreamParser single = parser(seen);
            for (byte b : bytes) {
                single.accept(ByteBuffer.wrap(new byte[] {b}));
            }
            assertThat(seen).isEqualTo(expected);
        }
    }
}
