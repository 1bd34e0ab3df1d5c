package dev.weft.inference.server.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bodies that are small as text and large, or deep, as values. */
class JsonFieldsBoundsTest {
    private static void assertRefused(String body, String said) {
        assertThatThrownBy(() -> JsonFields.parse(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(said);
    }

    @Test
    void refusesTooManyValuesAndSaysHowManyAreAllowed() {
        assertRefused("{\"a\":[" + "[],".repeat(1_100_000) + "1]}", "2000000");
    }

    @Test
    void refusesWhatIsNestedTooDeeplyAndSaysHowDeepIsAllowed() {
        assertRefused("{\"a\":" + "[".repeat(100_000) + "}", "500");
    }

    @Test
    void refusesANumberOfTooManyDigits() {
        assertRefused("{\"a\":" + "9".repeat(100_000) + "}", "1000");
    }

    @Test
    void readsTheTokensOfManyLongPrompts() {
        String prompts = ("[" + "1,".repeat(10_000) + "1],").repeat(127) + "[1]";

        assertThat(
                        JsonFields.parse(
                                        ("{\"prompt\":[" + prompts + "]}")
                                                .getBytes(StandardCharsets.UTF_8))
                                .has("prompt"))
                .isTrue();
    }
}
