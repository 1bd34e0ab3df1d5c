package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.rule.Assertion;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.NumberSet;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords of one schema that assert something about the value itself. The reader fills it. */
final class SchemaAssertion implements Assertion {
    private static final int UNBOUNDED = -1;

    /** Bytes of a value's node with its place in the nodes around it. */
    private static final int BYTES_OF_NODE = 64;

    private final ValueRules rules;
    private final Constants constants;
    private final StringFormats formats;

    /** The valid types; null if all are. */
    @Nullable Set<String> types;

    /** Whether 1.0 does not count as an integer, as in draft 4. */
    boolean bareIntegers;

    private @Nullable List<JsonNode> values;
    final List<Expression> patterns = new ArrayList<>();
    final List<String> formatNames = new ArrayList<>();
    int minLength;
    int maxLength = UNBOUNDED;
    final List<NumberSet> ranges = new ArrayList<>();

    /** Rules for the value itself that are otherwise found only through {@link #objects}. */
    final List<ValueRule> inPlace = new ArrayList<>();

    /** They must not hold the schema's tree: they live as long as the grammar. */
    final List<Function<ValueRules, Condition>> objects = new ArrayList<>();

    /** As {@link #objects}. */
    final List<Function<ValueRules, Condition>> arrays = new ArrayList<>();

    /** Makes empty assertions. */
    interface Maker {
        SchemaAssertion make();
    }

    SchemaAssertion(ValueRules rules, Constants constants, StringFormats formats) {
        this.rules = rules;
        this.constants = constants;
        this.formats = formats;
    }

    /** Allows none but some values, which live as long as the grammar. */
    void allowOnly(List<JsonNode> some) {
        List<JsonNode> before = values;
        if (before == null) {
            some.forEach(this::hold);
            values = some;
        } else {
            values = before.stream().filter(one -> isIn(some, one)).toList();
        }
    }

    private void hold(JsonNode value) {
        rules.pool.budget().spend(1);
        rules.pool.hold(BYTES_OF_NODE + (value.isString() ? value.stringValue().length() : 0L));
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                rules.pool.hold(BYTES_OF_NODE + entry.getKey().length());
                hold(entry.getValue());
            }
        } else {
            value.forEach(this::hold);
        }
    }

    private static boolean isIn(List<JsonNode> some, JsonNode value) {
        return some.stream().anyMatch(one -> Constants.same(value, one));
    }

    private boolean allows(String type) {
        return types == null || types.contains(type);
    }

    @Override
    public int constants() {
        int all =
                (allows("null") ? ValueRules.NULL : 0)
                        | (allows("boolean") ? ValueRules.TRUE | ValueRules.FALSE : 0);
        if (values == null) {
            return all;
        }
        int some = 0;
        for (JsonNode value : values) {
            some |= Constants.constant(value);
        }
        return all & some;
    }

    @Override
    public Expression string() {
        if (!allows("string")) {
            return rules.pool.empty();
        }
        List<Expression> all = new ArrayList<>();
        if (values != null) {
            List<String> texts = new ArrayList<>();
            for (JsonNode value : values) {
                if (value.isString()) {
                    texts.add(value.stringValue());
                }
            }
            all.add(Utf8Text.anyOf(rules.pool, texts));
        }
        all.addAll(patterns);
        for (String format : formatNames) {
            Expression found = formats.find(format);
            if (found != null) {
                all.add(found);
            }
        }
        if (minLength > 0 || maxLength != UNBOUNDED) {
            all.add(
                    maxLength != UNBOUNDED && minLength > maxLength
                            ? rules.pool.empty()
                            : rules.pool.repeat(rules.pool.character(), minLength, maxLength));
        }
        return all.isEmpty() ? rules.pool.text() : rules.pool.and(all);
    }

    @Override
    public Expression decidedStrings() {
        List<Expression> all = new ArrayList<>();
        for (String format : formatNames) {
            Expression decided = formats.decided(format);
            if (decided != null) {
                all.add(decided);
            }
        }
        return all.isEmpty() ? rules.pool.text() : rules.pool.and(all);
    }

    @Override
    public NumberSet number() {
        List<NumberSet> all = new ArrayList<>(ranges);
        if (!allows("number")) {
            all.add(
                    !allows("integer")
                            ? rules.numbers.none()
                            : bareIntegers
                                    ? rules.numbers.bareIntegers()
                                    : rules.numbers.integers());
        }
        if (values != null) {
            List<NumberSet> some = new ArrayList<>();
            for (JsonNode value : values) {
                if (value.isNumber()) {
                    some.add(rules.numbers.equalTo(value));
                }
            }
            all.add(rules.numbers.or(some));
        }
        return rules.numbers.and(all);
    }

    @Override
    public Condition object() {
        if (!allows("object")) {
            return rules.conditions.no();
        }
        List<Condition> all = new ArrayList<>();
        objects.forEach(made -> all.add(made.apply(rules)));
        if (values != null) {
            List<Condition> some = new ArrayList<>();
            for (JsonNode value : values) {
                if (value.isObject()) {
                    some.add(rules.object(constants.rule(value)));
                }
            }
            all.add(rules.conditions.or(some));
        }
        return rules.conditions.and(all);
    }

    @Override
    public Condition array() {
        if (!allows("array")) {
            return rules.conditions.no();
        }
        List<Condition> all = new ArrayList<>();
        arrays.forEach(made -> all.add(made.apply(rules)));
        if (values != null) {
            List<Condition> some = new ArrayList<>();
            for (JsonNode value : values) {
                if (value.isArray()) {
                    some.add(rules.array(constants.rule(value)));
                }
            }
            all.add(rules.conditions.or(some));
        }
        return rules.conditions.and(all);
    }
}
