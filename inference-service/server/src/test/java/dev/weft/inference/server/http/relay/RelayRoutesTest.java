package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayRoutesTest {
    /** vLLM's request of {@code /v1/messages} has no field for it. */
    @Test
    void prefixesAreSaltedWhereverTheServerTakesASalt() {
        assertThat(RelayRoutes.ALL.stream().filter(RelayRoutes::takesSalt))
                .containsExactlyInAnyOrder(
                        "/v1/chat/completions", "/v1/completions", "/v1/responses");
    }
}
