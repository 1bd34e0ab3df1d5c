package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/** A stream is passed on byte for byte, in whole events, however the worker cut it. */
class WholeEventsFuzzTest {
    private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();

    /** The first byte says how long the pieces are. */
    @FuzzTest
    void passesOnEveryByteInOrder(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        int piece = 1 + (bytes[0] & 0x1f);
        byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
        var events = new WholeEvents(BUFFERS);
        var out = new ByteArrayOutputStream();

        for (int at = 0; at < stream.length; at += piece) {
            byte[] part = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece));
            DataBuffer passed = events.next(BUFFERS.wrap(part));
            add(out, passed);
            if (passed != null) {
                assertThat(out.toByteArray()[out.size() - 1]).isIn((byte) '\n', (byte) '\r');
            }
        }
        add(out, events.rest());

        assertThat(out.toByteArray()).isEqualTo(stream);
    }

    private static void add(ByteArrayOutputStream out, @Nullable DataBuffer buffer) {
        if (buffer != null) {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            out.writeBytes(bytes);
        }
    }
}
