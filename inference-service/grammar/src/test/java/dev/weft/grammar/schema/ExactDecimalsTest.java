package dev.weft.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExactDecimalsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static JsonNode read(String json) {
        JsonNode tree = ExactDecimals.tree(JSON, json);
        assertThat(ExactDecimals.tree(JSON, json.getBytes(StandardCharsets.UTF_8))).isEqualTo(tree);
        return tree;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1",
                "1.0",
                "-0.0",
                "0e5",
                "0.00e-99999999999",
                "1E5",
                "2.50",
                "1e400",
                "-1e400",
                "1e999999999",
                "1e99999999999",
                "1.7976931348623157e308",
                "4.9e-324",
                "0.30000000000000004",
                "123456789012345680.0"
            })
    void whatADoubleHoldsIsOneAsBefore(String number) {
        JsonNode read = read(number);
        assertThat(read.isDouble()).isTrue();
        assertThat(read).hasToString(JSON.readTree(number).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567.5",
                "0.12345678901234567",
                "-0.30000000000000000001",
                "1.00000000000000000001",
                "1e-400",
                "-1e-400",
                "1e-999999999",
                "4e-324"
            })
    void whatADoubleRoundsIsKept(String number) {
        JsonNode read = read("[" + number + "]").path(0);
        assertThat(read.isBigDecimal()).isTrue();
        assertThat(read.decimalValue()).isEqualByComparingTo(number);
        assertThat(read.doubleValue()).isEqualTo(Double.parseDouble(number));
    }

    @Test
    void doublesInTheirShortestTextAreDoubles() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertThat(read(Double.toString(number)).isDouble()).as("%s", number).isTrue();
            }
        }
    }

    @Test
    void nothingIsMissingAndTextBehindIsRefused() {
        assertThat(read("").isMissingNode()).isTrue();
        assertThat(read("null").isNull()).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> read("1.5 2"))
                .isInstanceOf(tools.jackson.core.JacksonException.class);
    }

    @Test
    void boundsAndConstantsAreThoseThatAreWritten() throws Exception {
        Grammar integers = grammar("{\"type\":\"integer\",\"maximum\":12345678901234567.5}");
        assertThat(Walks.accepts(integers, "12345678901234567")).isTrue();
        assertThat(Walks.accepts(integers, "12345678901234568")).isFalse();
        Grammar one = grammar("{\"enum\":[0.12345678901234567]}");
        assertThat(Walks.accepts(one, "0.12345678901234567")).isTrue();
        assertThat(Walks.accepts(one, "0.12345678901234568")).isFalse();
    }

    /** They cost nothing, and are refused or say what they say. */
    @Test
    void numbersBeyondDoublesAreRefusedOrHeldTo() throws Exception {
        for (String number :
                List.of(
                        "1e400",
                        "-1e400",
                        "1e-400",
                        "-1e-400",
                        "1e999999999",
                        "1e-999999999",
                        "100e-2147483647",
                        "1e99999999999",
                        "-1e-99999999999")) {
            for (String keyword :
                    List.of(
                            "minimum",
                            "maximum",
                            "exclusiveMinimum",
                            "exclusiveMaximum",
                            "multipleOf",
                            "minLength",
                            "maxLength",
                            "minItems",
                            "maxItems",
                            "minContains",
                            "maxProperties")) {
                assertThat(refusal("{\"" + keyword + "\":" + number + ",\"contains\":{}}"))
                        .as(keyword + " " + number)
                        .isIn(GrammarException.Kind.INVALID, GrammarException.Kind.UNSUPPORTED);
            }
            for (String schema :
                    List.of(
                            "{\"const\":%s}",
                            "{\"enum\":[{\"a\":%s},[%<s]],\"type\":[\"object\",\"array\"]}")) {
                assertThat(refusal(schema.formatted(number)))
                        .as(schema + number)
                        .isEqualTo(GrammarException.Kind.INVALID);
            }
            Grammar others = grammar("{\"enum\":[0,7,%s,%<s]}".formatted(number));
            assertThat(Walks.accepts(others, "7")).isTrue();
            assertThat(Walks.accepts(others, "0")).isTrue();
            assertThat(Walks.accepts(others, "1")).isFalse();
        }
    }

    @Test
    void aNumberThatNoDoubleHoldsIsNoText() throws Exception {
        Grammar both =
                grammar(
                        "{\"required\":[\"a\"],\"properties\":{\"a\":{\"enum\":[\"Infinity\"]},"
                                + "\"b\":{\"enum\":[1e400,5]}}}");
        assertThat(Walks.accepts(both, "{\"a\":\"Infinity\",\"b\":5}")).isTrue();
        assertThat(Walks.accepts(both, "{\"a\":\"Infinity\",\"b\":\"Infinity\"}")).isFalse();
    }

    private static GrammarException.Kind refusal(String schema) {
        try {
            grammar(schema);
            throw new AssertionError("served: " + schema);
        } catch (GrammarException e) {
            return e.kind();
        }
    }

    private static Grammar grammar(String schema) throws GrammarException {
        return Grammar.jsonSchema(read(schema), GrammarOptions.defaults());
    }
}
