package dev.weft.protocol.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class InvalidJsonTest {
    private static String message(String json) {
        JacksonException fault =
                catchThrowableOfType(
                        JacksonException.class, () -> JsonMapper.shared().readTree(json));
        return String.valueOf(InvalidJson.body(fault).getMessage());
    }

    @Test
    void whatIsBeyondABoundIsToldWithTheBound() {
        assertThat(message("{\"" + "n".repeat(60_000) + "\":1}"))
                .matches("The body is not served: name length is \\d+.*; allowed: up to 50000\\.");
        assertThat(message("[" + "1".repeat(1_001) + "]"))
                .matches(
                        "The body is not served: number value length is 1001.*; allowed: up to"
                                + " 1000\\.");
        assertThat(message("[".repeat(501)))
                .matches(
                        "The body is not served: document nesting depth is 501.*; allowed: up to"
                                + " 500\\.");
    }

    @Test
    void aFaultHasItsPlaceAndNotTheClientsWords() {
        assertThat(message("{\"a\": secret}"))
                .startsWith("The body is not valid JSON: Unrecognized token: ")
                .contains("line 1, column")
                .doesNotContain("secret");
    }

    @Test
    void aBodyThatEndsTooEarlyIsToldWithoutJacksonsFeatures() {
        assertThat(message("{\"model\":\"lora1\""))
                .isEqualTo(
                        "The body is not valid JSON: Unexpected end-of-input: expected close marker"
                                + " for Object (line 1, column 17).");
        assertThat(message("[1, [2")).contains("for Array (line").doesNotContain("Source");
        assertThat(message("{\"a\": \"b")).doesNotContain("Source");
    }
}
