package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class PiecesTest {
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(allocator);

    @Test
    void aBufferThatWasPassedOnIsNotReleasedAgainOnCancel() {
        ByteBuf read = allocator.buffer().writeBytes(new byte[] {1, 2});
        ByteBuf neighbour = read.retainedSlice(1, 1);
        Sinks.Many<Flux<DataBuffer>> worker = Sinks.many().unicast().onBackpressureBuffer();
        BaseSubscriber<DataBuffer> stream = oneByOne();
        flat(worker).subscribe(stream);

        worker.tryEmitNext(Flux.just(buffers.wrap(read))).orThrow();
        assertThat(neighbour.refCnt()).isEqualTo(1);
        stream.dispose();

        assertThat(neighbour.refCnt()).as("still the neighbour's").isEqualTo(1);
        neighbour.release();
    }

    @Test
    void passesBuffersOnInOrder() {
        Sinks.Many<Flux<DataBuffer>> worker = Sinks.many().unicast().onBackpressureBuffer();
        List<Integer> bytes = new ArrayList<>();
        flat(worker)
                .subscribe(buffer -> {
                    bytes.add((int) buffer.read());
                    DataBufferUtils.release(buffer);
                });

        for (byte b = 0; b < 3; b++) {
            worker.tryEmitNext(Flux.just(buffers.wrap(new byte[] {b}))).orThrow();
        }

        assertThat(bytes).containsExactly(0, 1, 2);
    }

    /**
     * Requests buffers one by one, as a connection asks for what it can write; an unbounded request
     * would take another way through the code.
     */
    private static BaseSubscriber<DataBuffer> oneByOne() {
        return new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(DataBuffer buffer) {
                DataBufferUtils.release(buffer);
                request(1);
            }
        };
    }

    private static Flux<DataBuffer> flat(Sinks.Many<Flux<DataBuffer>> worker) {
        return Pieces.flat(worker.asFlux()).doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }
}
