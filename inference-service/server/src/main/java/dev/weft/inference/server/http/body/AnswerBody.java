package dev.weft.inference.server.http.body;

import dev.weft.protocol.error.Faults;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The bytes of an answer in one piece, in blocks whose memory is taken before they are made. One
 * thread at a time.
 */
public final class AnswerBody {
    private static final int FIRST_BLOCK = 1024;
    private static final int LARGEST_BLOCK = 64 * 1024;

    /** Memory for each byte: as it was written, and as the network's buffers hold it. */
    private static final int BYTES_PER_BYTE = 2;

    private final List<ByteBuffer> blocks;

    private AnswerBody(List<ByteBuffer> blocks) {
        this.blocks = blocks;
    }

    /**
     * Writes an answer. An error that ends the writing becomes an exception, since Reactor would
     * throw it out of the operator, so that nobody would answer.
     *
     * @param memory stays taken
     * @throws dev.weft.protocol.error.ApiException if there isn't enough memory left
     */
    public static AnswerBody of(RequestMemory memory, Consumer<OutputStream> writing) {
        Blocks blocks = new Blocks(memory);
        try {
            writing.accept(blocks);
        } catch (Error e) {
            throw Faults.ofRequest(e);
        }
        blocks.all.forEach(ByteBuffer::flip);
        return new AnswerBody(blocks.all);
    }

    /** Sends the answer; completes when the network has taken all of it. */
    public Mono<Void> to(ServerHttpResponse response) {
        response.getHeaders()
                .setContentLength(blocks.stream().mapToLong(ByteBuffer::remaining).sum());
        var buffers = response.bufferFactory();
        // one buffer goes out together with the head
        return response.writeWith(
                blocks.size() == 1
                        ? Mono.just(buffers.wrap(blocks.getFirst()))
                        : Flux.fromIterable(blocks).map(buffers::wrap));
    }

    /** Grows by blocks, so that nothing is copied from a small array into a larger one. */
    private static final class Blocks extends OutputStream {
        private final List<ByteBuffer> all = new ArrayList<>();
        private final RequestMemory memory;
        private ByteBuffer last = ByteBuffer.allocate(0);
        private int next = FIRST_BLOCK;

        Blocks(RequestMemory memory) {
            this.memory = memory;
        }

        @Override
        public void write(int value) {
            room();
            last.put((byte) value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int done = 0; done < length; ) {
                room();
                int count = Math.min(length - done, last.remaining());
                last.put(bytes, offset + done, count);
                done += count;
            }
        }

        private void room() {
            if (!last.hasRemaining()) {
                memory.take((long) BYTES_PER_BYTE * next);
                last = ByteBuffer.allocate(next);
                all.add(last);
                next = Math.min(2 * next, LARGEST_BLOCK);
            }
        }
    }
}
