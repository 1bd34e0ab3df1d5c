package dev.weft.grammar.rule;

import static dev.weft.grammar.rule.NumberExpressions.isFinite;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Utf8Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rules that one value follows, and no other. */
public final class Constants {
    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final ValueRules rules;

    /** By their texts, whose hashes may be alike without harm: texts have an order. */
    private final Map<String, ValueRule> made = new HashMap<>();

    public Constants(ValueRules rules) {
        this.rules = rules;
    }

    public JsonNode read(byte[] json) {
        return EXACT.readTree(json);
    }

    public ObjectNode object() {
        return EXACT.createObjectNode();
    }

    public ArrayNode array() {
        return EXACT.createArrayNode();
    }

    public ValueRule rule(JsonNode value) {
        String text = value.toString();
        ValueRule found = made.get(text);
        if (found == null) {
            found = rules.assertion(new OneValue(value));
            made.put(text, found);
        }
        return found;
    }

    /** Whether two values are equal in the sense of JSON Schema: 1 is 1.0. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(
                (x, y) ->
                        x.isNumber() && y.isNumber() && isFinite(x) && isFinite(y)
                                ? x.decimalValue().compareTo(y.decimalValue())
                                : x.equals(y) ? 0 : 1,
                b);
    }

    public static int constant(JsonNode value) {
        return value.isNull()
                ? ValueRules.NULL
                : !value.isBoolean()
                        ? 0
                        : value.booleanValue() ? ValueRules.TRUE : ValueRules.FALSE;
    }

    private final class OneValue implements Assertion {
        private final JsonNode value;

        OneValue(JsonNode value) {
            this.value = value;
        }

        @Override
        public int constants() {
            return constant(value);
        }

        @Override
        public Expression string() {
            return value.isString()
                    ? Utf8Text.anyOf(rules.pool, List.of(value.stringValue()))
                    : rules.pool.empty();
        }

        @Override
        public NumberSet number() {
            return value.isNumber() ? rules.numbers.equalTo(value) : rules.numbers.none();
        }

        @Override
        public Condition object() {
            if (!value.isObject()) {
                return rules.conditions.no();
            }
            Map<String, ValueRule> properties = new LinkedHashMap<>();
            value.forEachEntry((key, member) -> properties.put(key, rule(member)));
            return rules.conditions.rule(
                    new ContainerRule.OfObject(
                            properties,
                            List.of(),
                            rules.no(),
                            Set.copyOf(properties.keySet()),
                            ContainerRule.Counted.ANY,
                            null));
        }

        @Override
        public Condition array() {
            if (!value.isArray()) {
                return rules.conditions.no();
            }
            List<ValueRule> items = new ArrayList<>();
            value.forEach(item -> items.add(rule(item)));
            return rules.conditions.rule(
                    new ContainerRule.OfArray(
                            items,
                            rules.no(),
                            new ContainerRule.Counted(items.size(), items.size())));
        }
    }
}
