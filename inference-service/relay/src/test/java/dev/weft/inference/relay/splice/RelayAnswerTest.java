package dev.weft.inference.relay.splice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.usage.TokenCount;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayAnswerTest {
    private static Optional<TokenCount> count(String answer, boolean inputIsWhole) {
        byte[] body = answer.getBytes(UTF_8);
        RelayAnswer.Told told = new RelayAnswer("weft1-ab", "sql", inputIsWhole).whole(body);
        assertThat(told.body()).asString(UTF_8).isEqualTo(answer);
        return told.count();
    }

    /** Anthropic's form tells them apart, and servers differ in that. */
    @Test
    void inputFromACacheIsInputToo() {
        String answer =
                "{\"type\":\"message\",\"usage\":{\"cache_creation_input_tokens\":20,\"input_tokens\":7,"
                    + "\"cache_read_input_tokens\":300,\"output_tokens\":5}}";

        assertThat(count(answer, false)).contains(new TokenCount(327, 5));
        assertThat(count(answer, true)).contains(new TokenCount(7, 5));
    }

    @Test
    void theItemsOfAnArrayTellTheirTokens() {
        assertThat(
                        count(
                                "[{\"score\":0.5,\"document\":[\"a\"],\"index\":0,\"meta_info\":"
                                    + "{\"id\":\"x\",\"prompt_tokens\":12}},"
                                    + " {\"score\":0.1,\"meta_info\":{\"prompt_tokens\":30}},{}]",
                                true))
                .contains(new TokenCount(42, 0));
        assertThat(count("[{\"score\":0.5}]", true)).isEmpty();
        assertThat(count("[]", true)).isEmpty();
        assertThat(count("[1,[2],{}]", true)).isEmpty();
        assertThat(count("[{\"meta_info\":", true)).isEmpty();
    }
}
