package dev.weft.standalone.bench.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of the data.
 *
 * @param instances those that a tokenizer can take: without halves of surrogate pairs
 */
record SchemaCase(String name, JsonNode schema, List<Instance> instances) {
    /** An instance and whether the schema says that it is valid. */
    record Instance(boolean valid, String text) {}

    SchemaCase {
        instances = List.copyOf(instances);
    }

    /** Reads a line {@code {name, schema, tests: [{valid, data}]}}. */
    static SchemaCase of(JsonNode row, boolean shuffled) {
        List<Instance> instances = new ArrayList<>();
        for (JsonNode test : row.path("tests")) {
            JsonNode data = test.path("data");
            String text = PythonJson.of(shuffled ? shuffled(data, new Random(1)) : data);
            if (isWhole(text)) {
                instances.add(new Instance(test.path("valid").booleanValue(), text));
            }
        }
        return new SchemaCase(row.path("name").asString(""), row.path("schema"), instances);
    }

    private static boolean isWhole(String text) {
        return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    private static JsonNode shuffled(JsonNode value, Random random) {
        if (value.isObject()) {
            List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(value.properties());
            Collections.shuffle(entries, random);
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach(e -> object.set(e.getKey(), shuffled(e.getValue(), random)));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> array.add(shuffled(item, random)));
            return array;
        }
        return value;
    }
}
