package dev.weft.grammar.rule;

import static dev.weft.grammar.rule.NumberExpressions.isFinite;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Utf8Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Rules that one value follows, and no other. */
public final class Constants {
    private static final ObjectReader EXACT =
            JsonMapper.shared().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final int TEXTS_OF_TREE = 64;
    private static final int BYTES_OF_LINK = 130;
    private static final int BYTES_OF_TEXT = 100;

    /** Characters that are read in about a step. */
    private static final int CHARACTERS_PER_STEP = 16;

    private final ValueRules rules;

    /**
     * Rules by the texts of their values. Texts may have the same hash without harm, since they
     * have an order. The text of a container has the numbers of the rules of its members or items,
     * so that no value's text is kept again at each level around it.
     */
    private final Map<String, ValueRule> made = new HashMap<>();

    private final Map<More, ValueRule> more = new HashMap<>();

    /** The rule of known values, and the rule of another value. */
    private record More(ValueRule known, ValueRule value) {}

    public Constants(ValueRules rules) {
        this.rules = rules;
    }

    public JsonNode read(byte[] json) {
        return EXACT.readTree(json);
    }

    public ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    public ArrayNode array() {
        return JsonMapper.shared().createArrayNode();
    }

    public ValueRule rule(JsonNode value) {
        List<ValueRule> within = new ArrayList<>();
        String text = text(value, within);
        rules.pool.budget().spend(1 + text.length() / CHARACTERS_PER_STEP);
        ValueRule found = made.get(text);
        if (found == null) {
            rules.pool.hold(BYTES_OF_TEXT + 2L * text.length() + 8L * within.size());
            found = rules.assertion(new OneValue(value, List.copyOf(within)));
            made.put(text, found);
        }
        return found;
    }

    private String text(JsonNode value, List<ValueRule> within) {
        if (!value.isContainer()) {
            // marked, since a number that no double holds has the text of a string
            return value.isNumber() ? "#" + value : value.toString();
        }
        StringBuilder text = new StringBuilder(value.isObject() ? "{" : "[");
        if (value.isObject()) {
            value.forEachEntry((key, member) -> {
                ValueRule rule = rule(member);
                within.add(rule);
                text.append(StringNode.valueOf(key)).append(':').append(rule.id).append(',');
            });
        } else {
            for (JsonNode item : value) {
                ValueRule rule = rule(item);
                within.add(rule);
                text.append(rule.id).append(',');
            }
        }
        return text.toString();
    }

    /** A rule that the values of a known rule follow, and another value. */
    public ValueRule with(ValueRule known, JsonNode value) {
        return more.computeIfAbsent(
                new More(known, rule(value)),
                key -> {
                    rules.pool.hold(BYTES_OF_LINK);
                    return rules.assertion(new SomeValues(values(key.known), key.value, value));
                });
    }

    private static @Nullable SomeValues values(ValueRule rule) {
        return rule.assertion instanceof SomeValues some ? some : null;
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

        /** The rules of its members or items. */
        private final List<ValueRule> within;

        OneValue(JsonNode value, List<ValueRule> within) {
            this.value = value;
            this.within = within;
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
        public Expression decidedStrings() {
            return rules.pool.text();
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
            Iterator<ValueRule> member = within.iterator();
            value.propertyNames().forEach(key -> properties.put(key, member.next()));
            return rules.conditions.rule(
                    new ContainerRule.OfObject(
                            properties,
                            List.of(),
                            rules.no(),
                            Collections.unmodifiableSet(properties.keySet()),
                            ContainerRule.Counted.ANY,
                            null));
        }

        @Override
        public Condition array() {
            if (!value.isArray()) {
                return rules.conditions.no();
            }
            return rules.conditions.rule(
                    new ContainerRule.OfArray(
                            within,
                            rules.no(),
                            new ContainerRule.Counted(within.size(), within.size())));
        }
    }

    /** One value and the chain of others: the last link of a chain. */
    private final class SomeValues implements Assertion {
        private final @Nullable SomeValues others;
        private final ValueRule rule;
        private final JsonNode value;

        /** Number of strings in the chain. */
        private final int strings;

        private @Nullable Expression texts;

        SomeValues(@Nullable SomeValues others, ValueRule rule, JsonNode value) {
            this.others = others;
            this.rule = rule;
            this.value = value;
            this.strings = (others == null ? 0 : others.strings) + (value.isString() ? 1 : 0);
        }

        private List<SomeValues> all(Predicate<JsonNode> kind) {
            List<SomeValues> all = new ArrayList<>();
            for (SomeValues one = this; one != null; one = one.others) {
                if (kind.test(one.value)) {
                    all.add(one);
                }
            }
            rules.pool.budget().spend(1 + all.size());
            return all;
        }

        @Override
        public int constants() {
            int some = 0;
            for (SomeValues one : all(value -> constant(value) != 0)) {
                some |= constant(one.value);
            }
            return some;
        }

        /**
         * The texts in trees of {@code TEXTS_OF_TREE} each, so that one more text changes only the
         * last tree. A tree has a text's beginning once, however many texts begin so.
         */
        @Override
        public Expression string() {
            List<String> texts = new ArrayList<>();
            SomeValues one = this;
            while (one != null && (texts.isEmpty() || one.strings % TEXTS_OF_TREE != 0)) {
                if (one.value.isString()) {
                    texts.add(one.value.stringValue());
                }
                one = one.others;
            }
            rules.pool.budget().spend(1 + texts.size());
            Expression last = Utf8Text.anyOf(rules.pool, texts);
            return one == null ? last : rules.pool.or(one.texts(), last);
        }

        /** The texts, which are made once. */
        private Expression texts() {
            Expression known = texts;
            if (known == null) {
                known = string();
                texts = known;
            }
            return known;
        }

        @Override
        public Expression decidedStrings() {
            return rules.pool.text();
        }

        @Override
        public NumberSet number() {
            return rules.numbers.or(
                    all(JsonNode::isNumber).stream().map(one -> rules.number(one.rule)).toList());
        }

        @Override
        public Condition object() {
            return rules.conditions.or(
                    all(JsonNode::isObject).stream().map(one -> rules.object(one.rule)).toList());
        }

        @Override
        public Condition array() {
            return rules.conditions.or(
                    all(JsonNode::isArray).stream().map(one -> rules.array(one.rule)).toList());
        }
    }
}
