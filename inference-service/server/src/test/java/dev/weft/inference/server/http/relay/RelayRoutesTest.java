package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayRoutesTest {
    /** Elsewhere texts become tokens, or tokens texts, and nothing is kept. */
    @Test
    void prefixesAreSaltedWhereverAModelReadsThem() {
        assertThat(RelayRoutes.ALL.stream().filter(RelayRoutes::takesSalt))
                .containsExactlyInAnyOrder(
                        "/v1/chat/completions",
                        "/v1/completions",
                        "/v1/messages",
                        "/v1/responses",
                        "/v1/embeddings",
                        "/v1/rerank",
                        "/v1/score");
    }
}
