package dev.weft.inference.server.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class HeldAnswerTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int BYTES = 1_000_000;

    private final ProcessMemory memory = new ProcessMemory(3 * BYTES);
    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.post("/"));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 65_536 + 1024, BYTES})
    void sendsWhatWasWritten(int length) {
        byte[] written = bytes(length);

        write(target -> write(target, written)).block(LIMIT);

        DataBuffer sent = DataBufferUtils.join(exchange.getResponse().getBody()).block(LIMIT);
        assertThat(sent == null ? new byte[0] : BoundedBody.bytes(sent)).isEqualTo(written);
        assertThat(exchange.getResponse().getHeaders().getContentLength()).isEqualTo(length);
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void holdsItsMemoryUntilTheClientHasAll() {
        Sinks.Empty<Void> client = Sinks.empty();
        exchange.getResponse().setWriteHandler(body -> body.then(client.asMono()));

        Disposable answer = write(target -> write(target, bytes(BYTES))).subscribe();
        assertThat(memory.takenBytes()).isGreaterThanOrEqualTo(2 * BYTES);
        client.tryEmitEmpty();

        assertThat(answer.isDisposed()).isTrue();
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void givesItsMemoryBackIfTheClientLeaves() {
        exchange.getResponse().setWriteHandler(_ -> Mono.never());

        Disposable answer = write(target -> write(target, bytes(BYTES))).subscribe();
        assertThat(memory.takenBytes()).isGreaterThanOrEqualTo(2 * BYTES);
        answer.dispose();

        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void refusesAnAnswerForWhichThereIsNoMemory() {
        try (ProcessMemory.Claim other = memory.claim("other")) {
            assertThat(other.more(2 * BYTES)).isTrue();
            assertThatThrownBy(() -> write(target -> write(target, bytes(BYTES))).block(LIMIT))
                    .isInstanceOf(ApiException.class)
                    .extracting(e -> ((ApiException) e).code())
                    .isEqualTo(ErrorCode.OVERLOADED);
            assertThat(exchange.getResponse().isCommitted()).isFalse();
            assertThat(memory.takenBytes()).isEqualTo(2 * BYTES);
        }
    }

    @Test
    void answersWhereAnErrorEndsTheWriting() {
        assertThatThrownBy(() ->
                        write(
                                        _ -> {
                                            throw new StackOverflowError();
                                        })
                                .block(LIMIT))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("it nests too deeply");
        assertThat(memory.takenBytes()).isZero();
    }

    private Mono<Void> write(Consumer<OutputStream> writing) {
        return HeldAnswer.json(
                        () -> new RequestMemory(memory.claim("its")),
                        (held, response) ->
                                Flux.just(1)
                                        .last()
                                        .map(_ -> AnswerBody.of(held, writing))
                                        .flatMap(body -> body.to(response)))
                .flatMap(response -> response.writeTo(exchange, new Codecs()));
    }

    private static void write(OutputStream target, byte[] bytes) {
        try {
            int half = bytes.length / 2;
            target.write(bytes, 0, half);
            for (int i = half; i < bytes.length; i++) {
                target.write(bytes[i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static final class Codecs implements ServerResponse.Context {
        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return HandlerStrategies.withDefaults().messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }
}
