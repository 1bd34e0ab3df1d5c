package dev.weft.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Texts that a format's expression leaves out although they are valid. They count as neither: no
 * schema takes them, also none that asks for the opposite.
 */
final class UndecidedFormatsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "hostname~a_b c~xn--nxasmq6b~a.de",
                "host-name~%~xn--nxasmq6b~a.de",
                "idn-hostname~a b~xn--nxasmq6b~a.de",
                "email~nobody~\"a b\"@c.de~a@c.de",
                "email~nobody~a@[127.0.0.1]~a@c.de",
                "idn-email~nobody~a@[127.0.0.1]~a@c.de",
                "uri~no scheme~http://[v1.x]/~http://x/",
                "iri~no scheme~http://[v1.x]/~http://x/",
                "uri-reference~a b~//[v1.x]/~//x/",
                "uri-template~a b~{|x}~{x}",
                "relative-json-pointer~/a~0+1/a~0/a",
                "time~noon~23:59:60Z~23:59:59Z",
                "date-time~noon~1998-12-31T23:59:60Z~1998-12-31T23:59:59Z"
            })
    void theOppositeOfAFormatTakesWhatIsSurelyInvalid(
            String format, String invalid, String undecided, String valid) throws Exception {
        String schema = "{\"type\":\"string\",\"not\":{\"format\":\"" + format + "\"}}";
        hold(schema, List.of(text(invalid)), List.of(text(undecided), text(valid)));
        hold(
                "{\"properties\":{\"a\":" + schema + "},\"additionalProperties\":false}",
                List.of("{\"a\":" + text(invalid) + "}"),
                List.of("{\"a\":" + text(undecided) + "}"));
        hold(
                "{\"not\":{\"type\":\"object\",\"properties\":{\"a\":{\"format\":\""
                        + format
                        + "\"}}}}",
                List.of("{\"a\":" + text(invalid) + "}"),
                List.of("{\"a\":" + text(undecided) + "}", "{\"a\":" + text(valid) + "}"));
    }

    @Test
    void keysAreWrittenIfTheyAreDecided() throws Exception {
        String undecided = "{\"xn--nxasmq6b\":1}";
        hold(
                "{\"type\":\"object\",\"not\":{\"propertyNames\":{\"format\":\"hostname\"}}}",
                List.of("{\"a b\":1}"),
                List.of(undecided, "{\"a.de\":1}"));
        hold(
                "{\"properties\":{\"xn--nxasmq6b\":{}},\"oneOf\":[{\"required\":[\"a.de\"]},"
                        + "{\"propertyNames\":{\"format\":\"hostname\"}}]}",
                List.of("{\"a.de\":1,\"a b\":1}", "{\"b.de\":1}"),
                List.of(undecided, "{\"a.de\":1}"));
    }

    @Test
    void oneOfDecidesWhatItTakes() throws Exception {
        hold(
                """
                {"type":"string","oneOf":[{"format":"ipv4"},{"format":"uri"},{"pattern":"^x"}]}\
                """,
                List.of("\"1.2.3.4\"", "\"http://a/\"", "\"x\""),
                List.of("\"x:y\"", "\"xtp://[v1.x]/\""));
    }

    @Test
    void aConditionThatIsUndecidedHoldsForNeither() throws Exception {
        hold(
                """
                {"type":"string","if":{"format":"email"},"then":{"maxLength":8},"else":{"maxLength":4}}\
                """,
                List.of("\"a@c.de\"", "\"none\""),
                List.of("\"\\\"a\\\"@c.de\"", "\"nobody\""));
    }

    @Test
    void itemsAreCountedIfTheyAreDecided() throws Exception {
        hold(
                """
                {"type":"array","contains":{"type":"string","format":"hostname"},"maxContains":1}\
                """,
                List.of("[\"a.de\",\"a b\"]"),
                List.of("[\"a.de\",\"xn--nxasmq6b\"]", "[\"a.de\",\"b.de\"]"));
    }

    private static String text(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    private static void hold(String schema, List<String> valid, List<String> invalid)
            throws Exception {
        Grammar grammar = Walks.schema(schema);
        for (String one : valid) {
            assertThat(Walks.accepts(grammar, one)).as("%s of %s", one, schema).isTrue();
        }
        for (String one : invalid) {
            assertThat(Walks.accepts(grammar, one)).as("%s of %s", one, schema).isFalse();
        }
    }
}
