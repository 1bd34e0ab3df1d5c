package dev.weft.gateway.forward.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class WholeBodyTest {
    private static final NettyDataBufferFactory BUFFERS =
            new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<ByteBuf> made = new ArrayList<>();
    private ProcessMemory memory = new ProcessMemory(1 << 20);

    private DataBuffer buffer(byte[] bytes) {
        DataBuffer buffer = BUFFERS.allocateBuffer(Math.max(1, bytes.length)).write(bytes);
        made.add(NettyDataBufferFactory.toByteBuf(buffer));
        return buffer;
    }

    @Test
    void arrivesTheSameWhereverItIsCutAndEveryBufferIsReleased() {
        byte[] body = "{\"model\":\"zwölf 🧵\"}".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= body.length; cut++) {
            byte[] head = Arrays.copyOf(body, cut);
            byte[] tail = Arrays.copyOfRange(body, cut, body.length);
            byte[] read =
                    WholeBody.read(
                                    MockServerHttpRequest.post("/")
                                            .body(
                                                    Flux.defer(() ->
                                                            Flux.just(buffer(head), buffer(tail)))),
                                    1000,
                                    LONG,
                                    memory.claim("a"),
                                    Schedulers.parallel())
                            .block(LONG);
            assertThat(read).isEqualTo(body);
        }
        assertThat(made).allSatisfy(b -> assertThat(b.refCnt()).isZero());
    }

    @Test
    void isRefusedAndReleasedWhereThereIsNoMemoryLeft() {
        memory = new ProcessMemory(200);
        assertCode(
                Flux.defer(() -> Flux.just(buffer(new byte[40]), buffer(new byte[40]))),
                ErrorCode.OVERLOADED,
                LONG);
        assertThat(made).allSatisfy(b -> assertThat(b.refCnt()).isZero());
    }

    @Test
    void moreThanTheLimitIsRefusedAndReleased() {
        assertCode(
                Flux.defer(() -> Flux.just(buffer(new byte[60]), buffer(new byte[60]))),
                ErrorCode.REQUEST_TOO_LARGE,
                LONG);
        assertThat(made).allSatisfy(b -> assertThat(b.refCnt()).isZero());
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForEver() {
        assertCode(Flux.never(), ErrorCode.INVALID_REQUEST, Duration.ofMillis(50));
    }

    private void assertCode(Flux<DataBuffer> body, ErrorCode code, Duration limit) {
        assertThatThrownBy(() ->
                        WholeBody.read(
                                        MockServerHttpRequest.post("/").body(body),
                                        100,
                                        limit,
                                        memory.claim("a"),
                                        Schedulers.parallel())
                                .block(LONG))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
