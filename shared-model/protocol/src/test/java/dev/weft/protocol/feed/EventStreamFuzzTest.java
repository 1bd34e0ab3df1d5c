package dev.weft.protocol.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream yields the same events however it is cut, and each is an event of the feed or is
 * refused.
 */
class EventStreamFuzzTest {
    @FuzzTest
    void saysTheSameHoweverItIsCut(byte[] bytes) {
        List<String> whole = new ArrayList<>();
        new EventStreamParser(event -> whole.add(text(event))).accept(ByteBuffer.wrap(bytes));
        List<String> byteByByte = new ArrayList<>();
        var parser = new EventStreamParser(event -> byteByByte.add(text(event)));
        for (byte each : bytes) {
            parser.accept(ByteBuffer.wrap(new byte[] {each}));
        }

        assertThat(byteByByte).isEqualTo(whole);
    }

    private static String text(ServerSentEvent event) {
        return event.id()
                + "|"
                + event.event()
                + "|"
                + StandardCharsets.UTF_8.decode(event.data().duplicate());
    }
}
