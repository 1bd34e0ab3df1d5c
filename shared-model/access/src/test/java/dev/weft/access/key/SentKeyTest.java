package dev.weft.access.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.core.Authentication;

class SentKeyTest {
    private static MockServerWebExchange exchange(String path, String header, String value) {
        return MockServerWebExchange.from(MockServerHttpRequest.post(path).header(header, value));
    }

    @Test
    void aKeyIsReadOnceHoweverOftenItIsAskedFor() {
        for (MockServerWebExchange exchange :
                new MockServerWebExchange[] {
                    exchange("/v1/chat/completions", "Authorization", "Bearer a-key"),
                    exchange("/v1/messages", "x-api-key", "a-key")
                }) {
            Authentication first = SentKey.asked(exchange).block();
            assertThat(first)
                    .isInstanceOfSatisfying(
                            AskedToken.class,
                            asked -> assertThat(asked.getToken()).isEqualTo("a-key"));
            assertThat(SentKey.asked(exchange).block()).isSameAs(first);
        }
    }

    @Test
    void aRequestWithoutAKeyAsksNothing() {
        assertThat(SentKey.asked(exchange("/v1/chat/completions", "x", "y")).block()).isNull();
    }
}
