package dev.weft.inference.server.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private final ProcessMemory memory = new ProcessMemory(1_000);

    @Test
    void aRequestForWhichThereIsNoMemoryLeftMayComeAgain() {
        try (RequestMemory other = new RequestMemory(memory.claim("a"));
                RequestMemory request = new RequestMemory(memory.claim("a"))) {
            other.take(900);

            assertThatThrownBy(() -> request.take(200))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void oneThatCouldNeverBeHeldIsTooLarge() {
        try (RequestMemory request = new RequestMemory(memory.claim("a"))) {
            request.take(900);

            assertThatThrownBy(() -> request.take(200))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE));
        }
    }
}
