package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

class WholeAnswerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ProcessMemory memory = new ProcessMemory(60);
    private final RequestMemory claim = new RequestMemory(memory.claim("default"));

    private static Flux<DataBuffer> pieces(String... texts) {
        return Flux.just(texts)
                .map(text ->
                        DefaultDataBufferFactory.sharedInstance.wrap(
                                text.getBytes(StandardCharsets.UTF_8)));
    }

    private void refuses(int most, ErrorCode code, String words) {
        assertThatThrownBy(() ->
                        new WholeAnswer(most, claim)
                                .of(pieces("0123456789", "0123456789", "0"))
                                .block(LONG))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void itsMemoryIsTakenUntilTheRequestEnds() {
        assertThat(new WholeAnswer(20, claim).of(pieces("ab", "c")).block(LONG))
                .isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(new WholeAnswer(20, claim).of(Flux.empty()).block(LONG)).isEmpty();
        assertThat(memory.takenBytes()).isEqualTo(9);
        claim.close();
        assertThat(memory.takenBytes()).isZero();
    }

    /** It is not the client's body that is too large, and no other server's answer is smaller. */
    @Test
    void anAnswerOverTheLimitIsToldAsThat() {
        refuses(19, ErrorCode.REQUEST_FAILED, "The server's answer is larger than the 19 bytes");
    }

    @Test
    void anAnswerForWhichThereIsNoMemoryIsRefused() {
        refuses(100, ErrorCode.REQUEST_TOO_LARGE, "more memory");
    }

    @Test
    void vectorsMayBeLongerThanText() {
        assertThat(RelayRoutes.longestAnswer("/v1/embeddings"))
                .isGreaterThan(RelayRoutes.longestAnswer("/v1/chat/completions"));
    }
}
