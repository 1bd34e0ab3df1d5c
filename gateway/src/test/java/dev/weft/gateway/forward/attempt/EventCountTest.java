package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

class EventCountTest {
    @Test
    void countsEventsAndNothingElseHoweverTheBytesAreCut() {
        byte[] bytes =
                (": event: no\n\nevent: a\ndata: {\"event:\": 1}\n\nevent:b\r\ndata: event: c"
                                + "\r\n\r\n: waiting\n\neven: d\n\n")
                        .getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            EventCount count = new EventCount();
            for (int from = 0; from < bytes.length; from += size) {
                byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
                DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.wrap(part);
                count.add(buffer);
                assertThat(buffer.readableByteCount()).isEqualTo(part.length);
            }
            assertThat(count.events()).as("pieces of %d bytes", size).isEqualTo(2);
        }
    }
}
