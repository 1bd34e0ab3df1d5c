package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatusCode;

class RelayFailuresTest {
    /** A well server says by a 503 alone that another one may take the request. */
    @ParameterizedTest
    @CsvSource({
        "500, REQUEST_FAILED",
        "502, REQUEST_FAILED",
        "503, OVERLOADED",
        "504, REQUEST_FAILED"
    })
    void aWellServersFailureIsTheRequestsUnlessItIsFull(int status, ErrorCode code) {
        ApiException told = RelayFailures.failed(HttpStatusCode.valueOf(status), "why", true);
        assertThat(told.code()).isEqualTo(code);
        assertThat(told).hasMessageContaining("why");
    }

    @Test
    void aServerThatIsNotWellHasFailed() {
        assertThat(RelayFailures.failed(HttpStatusCode.valueOf(503), "why", false).code())
                .isEqualTo(ErrorCode.WORKER_FAILED);
    }
}
