package dev.weft.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A stream yields the same events however it is cut. */
class EventReaderFuzzTest {
    @FuzzTest
    void saysTheSameHoweverItIsCut(byte[] bytes) throws IOException {
        List<String> whole = new ArrayList<>();
        EventReader atOnce = new EventReader();
        atOnce.read(ByteBuffer.wrap(bytes), to(whole, atOnce));
        List<String> byteByByte = new ArrayList<>();
        EventReader reader = new EventReader();
        for (byte each : bytes) {
            reader.read(ByteBuffer.wrap(new byte[] {each}), to(byteByByte, reader));
        }

        assertThat(byteByByte).isEqualTo(whole);
    }

    private static EventReader.Listener<IOException> to(List<String> events, EventReader reader) {
        return (name, data, length) ->
                events.add(
                        reader.lastId()
                                + "|"
                                + name
                                + "|"
                                + new String(data, 0, length, StandardCharsets.UTF_8));
    }
}
