package dev.weft.inference.server.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StrictSchemaTest {
    private static final String LEAF = "{\"type\":\"string\"}";

    @Test
    void takesWhatOpenAiTakes() {
        assertThat(
                        StrictSchema.fault(
                                tree(
                                        """
                                        {"type":"object","description":"d","properties":{
                                          "a":{"type":["string","null"]},
                                          "b":{"anyOf":[{"type":"integer"},{"$ref":"#/$defs/n"}]},
                                          "c":{"type":"array","items":{"type":"object",
                                            "properties":{"x":{"enum":["p","q"]}},
                                            "required":["x"],"additionalProperties":false}}},
                                         "required":["a","b","c"],"additionalProperties":false,
                                         "$defs":{"n":{"type":"object","properties":{},
                                            "additionalProperties":false}}}
                                        """)))
                .isEmpty();
    }

    /** The context is a tuple as Python writes it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":{}}|In context=(), 'additionalProperties' is"
                        + " required to be supplied and to be false.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"additionalProperties\":{}}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a'), 'additionalProperties' is required to be"
                    + " supplied and to be false.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false}|In"
                    + " context=(), 'required' is required to be supplied and to be an array"
                    + " including every key in properties. Missing 'a'.",
                "{\"type\":\"object\",\"properties\":{},\"required\":[\"b\"],\"additionalProperties\":false}|In"
                    + " context=(), 'required' is required to be supplied and to be an array"
                    + " including every key in properties. Extra required key 'b' supplied.",
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a'), schema must have a 'type' key.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"not\":{}}}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a', 'items'), 'not' is not permitted.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"null\"},{\"allOf\":[]}]}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a', 'anyOf', '1'), 'allOf' is not permitted.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\"}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a'), array schema missing items.",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"null\"},\"uniqueItems\":true}},\"required\":[\"a\"],\"additionalProperties\":false}|In"
                    + " context=('properties', 'a'), 'uniqueItems' is not permitted.",
                "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}|schema must be a JSON Schema"
                        + " of 'type: \"object\"', got 'type: \"array\"'.",
                "{\"properties\":{}}|schema must be a JSON Schema of 'type: \"object\"', got"
                        + " 'type: \"None\"'.",
                "{\"anyOf\":[{\"type\":\"object\"}]}|schema must have type 'object' and not have"
                        + " 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
            })
    void refusesInOpenAisWords(String schema, String words) {
        assertThat(StrictSchema.fault(tree(schema))).contains(words);
    }

    @Test
    void refusesMoreThanOpenAisBounds() {
        assertThat(StrictSchema.fault(object(5_000, "p", LEAF))).isEmpty();
        assertThat(StrictSchema.fault(object(5_001, "p", LEAF)))
                .contains("it has 5001 properties; at most 5000 are allowed.");
        assertThat(StrictSchema.fault(object(1, "p", values(1_001))).orElseThrow())
                .contains("1001 enum values; at most 1000");
        assertThat(StrictSchema.fault(object(3, "p".repeat(40_001), LEAF)).orElseThrow())
                .contains("at most 120000");
        assertThat(StrictSchema.fault(object(1, "p", texts(250, 100)))).isEmpty();
        assertThat(StrictSchema.fault(object(1, "p", texts(300, 100))).orElseThrow())
                .contains("30000 characters in 300 values; at most 15000");
        assertThat(StrictSchema.fault(nested(10))).isEmpty();
        assertThat(StrictSchema.fault(nested(11)).orElseThrow()).contains("10 levels of objects");
    }

    private static JsonNode nested(int levels) {
        String schema = LEAF;
        for (int i = 0; i < levels; i++) {
            schema = object(1, "p", schema).toString();
        }
        return tree(schema);
    }

    private static String values(int count) {
        return "{\"enum\":" + IntStream.range(0, count).boxed().map(String::valueOf).toList() + "}";
    }

    private static String texts(int count, int length) {
        return "{\"enum\":"
                + IntStream.range(0, count).mapToObj(i -> "\"" + "x".repeat(length) + "\"").toList()
                + "}";
    }

    private static JsonNode object(int properties, String name, String each) {
        String names =
                IntStream.range(0, properties)
                        .mapToObj(i -> "\"" + name + i + "\"")
                        .collect(Collectors.joining(","));
        String all =
                IntStream.range(0, properties)
                        .mapToObj(i -> "\"" + name + i + "\":" + each)
                        .collect(Collectors.joining(","));
        return tree(
                "{\"type\":\"object\",\"properties\":{%s},\"required\":[%s],\"additionalProperties\":false}"
                        .formatted(all, names));
    }

    private static JsonNode tree(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
