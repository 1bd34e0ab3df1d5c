package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayRoutesTest {
    /** Elsewhere texts become tokens, or tokens texts, and nothing is kept. */
    @Test
    void prefixesAreSaltedWhereverAModelReadsThem() {
        assertThat(RelayRoutes.ALL.stream().filter(RelayRoutes::runsModel))
                .containsExactlyInAnyOrder(
                        "/v1/chat/completions",
                        "/v1/completions",
                        "/v1/messages",
                        "/v1/responses",
                        "/v1/embeddings",
                        "/v1/rerank",
                        "/v1/score");
    }

    /** Where no model reads a prompt, there is nothing to apply. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vllm|",
                "sglang|/v1/responses /v1/rerank /v1/score",
                "trtllm-serve|/v1/messages /v1/responses /v1/embeddings /v1/rerank /v1/score"
            })
    void anAdapterIsRefusedWhereItWouldNotBeApplied(String engine, @Nullable String refused) {
        List<String> paths = refused == null ? List.of() : List.of(refused.split(" ", -1));
        for (String path : RelayRoutes.ALL) {
            ThrowingCallable check = () -> RelayRoutes.checkAdapter(path, Dialect.of(engine));
            if (paths.contains(path)) {
                assertThatThrownBy(check)
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                e ->
                                        assertThat(e.code())
                                                .isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER))
                        .hasMessageContaining(path);
            } else {
                assertThatCode(check).as(path).doesNotThrowAnyException();
            }
        }
    }
}
