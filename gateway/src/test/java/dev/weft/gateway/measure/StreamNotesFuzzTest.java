package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.protocol.usage.TokenCount;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Notes leave no trace in what clients get, nothing but notes is taken out, and no memory is kept.
 */
class StreamNotesFuzzTest {
    private static final UnpooledByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true);
    private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(MEMORY);

    @FuzzTest
    void takesOutNotesAndNothingElse(byte[] bytes) {
        List<String> said = new ArrayList<>();
        var notes =
                new StreamNotes(
                        new StreamNotes.Listener() {
                            @Override
                            public void told(TokenCount count) {
                                said.add(count.toString());
                            }

                            @Override
                            public void failed(String code) {
                                said.add(code);
                            }
                        },
                        BUFFERS);
        var out = new ByteArrayOutputStream();

        DataBuffer rest = notes.strip(BUFFERS.allocateBuffer(bytes.length).write(bytes));
        if (rest != null) {
            byte[] left = new byte[rest.readableByteCount()];
            rest.read(left);
            DataBufferUtils.release(rest);
            out.writeBytes(left);
        }

        if (said.isEmpty()) {
            assertThat(out.toByteArray()).isEqualTo(bytes);
        }
        assertThat(MEMORY.metric().usedDirectMemory()).isZero();
        assertThat(bytes.length).isGreaterThanOrEqualTo(out.size());
        assertThat(out.toString(StandardCharsets.ISO_8859_1).length()).isEqualTo(out.size());
    }
}
