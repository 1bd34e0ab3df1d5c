package dev.weft.inference.server.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    void refusesANumberThatNoDoubleHolds() {
        for (String number : List.of("1" + "0".repeat(400), "-1" + "0".repeat(400), "1e999")) {
            JsonFields fields =
                    JsonFields.parse(
                            ("{\"temperature\":" + number + "}").getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> fields.number("temperature", NumberRange.of(0, 2), 1))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE))
                    .hasMessageContaining("temperature");
        }
    }

    /** As Python's json reads them, so that prompts are those that models were trained on. */
    @Test
    void aTemplateWritesNumbersAsPythonDoes() {
        String digits = "1" + "0".repeat(400);
        JsonNode object =
                JsonMapper.shared()
                        .readTree(
                                "{\"a\":%s,\"b\":7,\"c\":18446744073709551615,\"d\":1E5,\"e\":1e999}"
                                        .formatted(digits));
        assertThat(JsonValues.map(object))
                .isEqualTo(
                        Map.of(
                                "a",
                                new BigInteger(digits),
                                "b",
                                7L,
                                "c",
                                new BigInteger("18446744073709551615"),
                                "d",
                                100_000.0,
                                "e",
                                Double.POSITIVE_INFINITY));
    }

    /** Schemas have them as they are written, and templates as Python does. */
    @Test
    void aDecimalThatADoubleRoundsIsOnlyRoundedForTemplates() {
        String text =
                "{\"a\":12345678901234567.5,\"b\":-0.0,\"c\":1e400,\"d\":-1e-400,"
                        + "\"e\":1e999999999,\"f\":-1e-99999999999,\"g\":0.1}";
        JsonNode read = JsonFields.parse(text.getBytes(StandardCharsets.UTF_8)).object();
        assertThat(read.path("a")).hasToString("12345678901234567.5");
        assertThat(JsonValues.map(read))
                .isEqualTo(JsonValues.map(JsonMapper.shared().readTree(text)))
                .containsEntry("a", 1.2345678901234568e16)
                .containsEntry("d", -0.0);
    }

    @Test
    void fieldsThatAskForOneNumberRefuseThoseThatNoDoubleHolds() {
        for (String number : List.of("1" + "0".repeat(400), "1e400", "1e999999999")) {
            JsonFields fields =
                    JsonFields.parse(
                            ("{\"best_of\":" + number + "}").getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> UnservedFields.refuseInText(fields))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.param()).isEqualTo("best_of"));
        }
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
