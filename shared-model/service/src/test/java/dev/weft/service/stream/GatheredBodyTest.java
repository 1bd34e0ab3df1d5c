package dev.weft.service.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class GatheredBodyTest {
    private final NettyDataBufferFactory buffers =
            new NettyDataBufferFactory(new UnpooledByteBufAllocator(false));

    private final List<NettyDataBuffer> made = new ArrayList<>();

    /** A piece to which the server that hands it on holds a reference, too. */
    private NettyDataBuffer piece(byte[] bytes) {
        NettyDataBuffer buffer = buffers.allocateBuffer(Math.max(1, bytes.length));
        buffer.write(bytes);
        buffer.retain();
        made.add(buffer);
        return buffer;
    }

    private void assertAllReleased() {
        assertThat(made).allMatch(buffer -> buffer.getNativeBuffer().refCnt() == 1);
    }

    @Test
    void gathersPiecesOfAnySizeAndKeepsNone() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] all = new byte[100_003];
        random.nextBytes(all);
        Flux<NettyDataBuffer> pieces =
                Flux.generate(
                        () -> 0,
                        (at, sink) -> {
                            if (at == all.length) {
                                sink.complete();
                                return at;
                            }
                            assertAllReleased();
                            int count = Math.min(random.nextInt(0, 2_000), all.length - at);
                            sink.next(piece(Arrays.copyOfRange(all, at, at + count)));
                            return at + count;
                        });
        assertThat(GatheredBody.of(pieces.cast(DataBuffer.class), all.length).block())
                .isEqualTo(all);
        assertAllReleased();
    }

    @Test
    void nothingIsAnEmptyBody() {
        assertThat(GatheredBody.of(Flux.empty(), 10).block()).isEmpty();
    }

    @Test
    void oneByteTooManyEndsItAndNothingIsKept() {
        Flux<DataBuffer> pieces = Flux.range(0, 3).map(at -> piece(new byte[at == 0 ? 10 : 1]));
        assertThatThrownBy(() -> GatheredBody.of(pieces, 10).block())
                .isInstanceOf(DataBufferLimitException.class);
        assertThat(made).hasSize(2);
        assertAllReleased();
    }

    @Test
    void aBodyThatBreaksOffKeepsNothing() {
        Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
        Disposable gathering = GatheredBody.of(body.asFlux(), 100).subscribe();
        body.tryEmitNext(piece(new byte[7])).orThrow();
        gathering.dispose();
        assertAllReleased();
    }
}
