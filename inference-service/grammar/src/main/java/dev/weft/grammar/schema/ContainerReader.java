package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a schema's keywords about objects and arrays. */
final class ContainerReader {
    private final SchemaReader reader;
    private final ValueRules rules;
    private final SchemaDraft draft;

    ContainerReader(SchemaReader reader, ValueRules rules, SchemaDraft draft) {
        this.reader = reader;
        this.rules = rules;
        this.draft = draft;
    }

    /** Adds what a schema says; false if that is nothing. */
    boolean read(SchemaAssertion own, JsonNode schema) throws GrammarException {
        boolean asserts = object(own, schema);
        asserts |= dependents(own, schema);
        asserts |= array(own, schema);
        return asserts;
    }

    private boolean has(JsonNode schema, String keyword) {
        return schema.has(keyword) && draft.knows(keyword);
    }

    private boolean hasAny(JsonNode schema, String... keywords) {
        for (String keyword : keywords) {
            if (has(schema, keyword)) {
                return true;
            }
        }
        return false;
    }

    private boolean object(SchemaAssertion own, JsonNode schema) throws GrammarException {
        if (!hasAny(
                schema,
                "properties",
                "patternProperties",
                "additionalProperties",
                "required",
                "minProperties",
                "maxProperties",
                "propertyNames")) {
            return false;
        }
        ContainerRule.OfObject rule =
                new ContainerRule.OfObject(
                        properties(schema),
                        patterns(schema),
                        schema.has("additionalProperties")
                                ? reader.part(schema, "additionalProperties")
                                : rules.yes(),
                        required(schema),
                        counted(schema, "minProperties", "maxProperties"),
                        has(schema, "propertyNames") ? reader.part(schema, "propertyNames") : null,
                        reader.rank(schema));
        own.objects.add(made -> made.conditions.rule(rule));
        return true;
    }

    /** Draft 3 says in each property whether it is required. */
    private Set<String> required(JsonNode schema) throws GrammarException {
        JsonNode value = schema.path("required");
        if (SchemaReader.asksForNothing(value)) {
            return Set.of();
        }
        return names(schema, "required", value);
    }

    private Map<String, ValueRule> properties(JsonNode schema) throws GrammarException {
        Map<String, ValueRule> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : members(schema, "properties")) {
            String key = entry.getKey();
            properties.put(key, reader.part(schema, "properties", key, entry.getValue()));
        }
        return properties;
    }

    private List<ContainerRule.OfPattern> patterns(JsonNode schema) throws GrammarException {
        List<ContainerRule.OfPattern> patterns = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : members(schema, "patternProperties")) {
            String keyword = "patternProperties";
            Expression keys = reader.pattern(schema, keyword, entry.getKey());
            patterns.add(
                    new ContainerRule.OfPattern(
                            keys, reader.part(schema, keyword, entry.getKey(), entry.getValue())));
        }
        return patterns;
    }

    private Set<Map.Entry<String, JsonNode>> members(JsonNode schema, String keyword)
            throws GrammarException {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return Set.of();
        }
        if (!value.isObject()) {
            throw reader.invalid(schema, keyword, keyword + " is an object");
        }
        return value.properties();
    }

    private Set<String> names(JsonNode schema, String keyword, JsonNode value)
            throws GrammarException {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode name : value) {
            if (!name.isString()) {
                throw reader.invalid(schema, keyword, keyword + " names keys by strings");
            }
            names.add(name.stringValue());
        }
        if (!value.isArray()) {
            throw reader.invalid(schema, keyword, keyword + " is an array of keys");
        }
        return names;
    }

    private ContainerRule.Counted counted(JsonNode schema, String min, String max)
            throws GrammarException {
        return new ContainerRule.Counted(
                schema.has(min) ? reader.count(schema, min) : 0,
                schema.has(max) ? reader.count(schema, max) : ContainerRule.UNBOUNDED);
    }

    private boolean dependents(SchemaAssertion own, JsonNode schema) throws GrammarException {
        boolean any = false;
        for (String keyword : List.of("dependencies", "dependentRequired", "dependentSchemas")) {
            if (!has(schema, keyword)) {
                continue;
            }
            for (Map.Entry<String, JsonNode> entry : members(schema, keyword)) {
                any = true;
                Condition absent = rules.conditions.not(has(Set.of(entry.getKey())));
                JsonNode value = entry.getValue();
                boolean keys =
                        keyword.equals("dependentRequired")
                                || (keyword.equals("dependencies")
                                        && (value.isArray() || value.isString()));
                if (keys) {
                    Set<String> names =
                            value.isString()
                                    ? Set.of(value.stringValue())
                                    : names(schema, keyword, value);
                    Condition present = has(names);
                    own.objects.add(made -> made.conditions.or(List.of(absent, present)));
                } else {
                    ValueRule rule = reader.part(schema, keyword, entry.getKey(), value);
                    own.inPlace.add(rule);
                    own.objects.add(made -> made.conditions.or(List.of(absent, made.object(rule))));
                }
            }
        }
        return any;
    }

    /** The condition that an object has some keys. */
    Condition has(Set<String> keys) {
        return keys.isEmpty() ? rules.conditions.yes() : rules.conditions.rule(required(keys));
    }

    private ContainerRule required(Set<String> keys) {
        return new ContainerRule.OfObject(
                Map.of(), List.of(), rules.yes(), keys, ContainerRule.Counted.ANY, null);
    }

    private boolean array(SchemaAssertion own, JsonNode schema) throws GrammarException {
        boolean any = false;
        if (hasAny(schema, "items", "prefixItems", "additionalItems", "minItems", "maxItems")) {
            ContainerRule.OfArray rule = items(schema);
            own.arrays.add(made -> made.conditions.rule(rule));
            any = true;
        }
        if (has(schema, "contains")) {
            ValueRule item = reader.part(schema, "contains");
            int min = has(schema, "minContains") ? reader.count(schema, "minContains") : 1;
            int max =
                    has(schema, "maxContains")
                            ? reader.count(schema, "maxContains")
                            : ContainerRule.UNBOUNDED;
            own.arrays.add(made -> contained(made, item, min, max));
            any = true;
        }
        JsonNode unique = schema.path("uniqueItems");
        if (!SchemaReader.asksForNothing(unique) && !unique.isBoolean()) {
            throw reader.invalid(schema, "uniqueItems", "uniqueItems is true or false");
        }
        if (unique.booleanValue(false)) {
            own.arrays.add(made -> made.conditions.rule(new ContainerRule.OfUnique(made.no())));
            any = true;
        }
        return any;
    }

    private static Condition contained(ValueRules rules, ValueRule item, int min, int max) {
        return min == 0 && max == ContainerRule.UNBOUNDED
                ? rules.conditions.yes()
                : rules.conditions.rule(new ContainerRule.OfContained(item, min, max, 0));
    }

    private ContainerRule.OfArray items(JsonNode schema) throws GrammarException {
        List<ValueRule> prefix = new ArrayList<>();
        JsonNode first = draft.firstItems(schema);
        if (!first.isMissingNode() && !first.isArray()) {
            throw reader.invalid(schema, "prefixItems", "prefixItems is an array");
        }
        boolean old = schema.path("items").isArray();
        for (JsonNode item : first) {
            String at = Integer.toString(prefix.size());
            prefix.add(reader.part(schema, old ? "items" : "prefixItems", at, item));
        }
        @Nullable JsonNode rest = draft.otherItems(schema);
        ContainerRule.Counted counted = counted(schema, "minItems", "maxItems");
        int values = mostItems(schema, prefix.size(), rest);
        return new ContainerRule.OfArray(
                prefix,
                rest == null ? rules.yes() : reader.part(schema, old ? "additionalItems" : "items"),
                counted.min() > values
                        ? new ContainerRule.Counted(counted.min(), values)
                        : counted);
    }

    /** The most items that an array can have because they differ, if that is plain to see. */
    private int mostItems(JsonNode schema, int prefix, @Nullable JsonNode rest) {
        if (rest == null
                || !schema.path("uniqueItems").booleanValue(false)
                || (rest.has("$ref") && draft.referenceStandsAlone())) {
            return ContainerRule.UNBOUNDED;
        }
        if (rest.path("enum").isArray()) {
            return prefix + rest.path("enum").size();
        }
        return switch (rest.path("type").asString("")) {
            case "null" -> prefix + 1;
            case "boolean" -> prefix + 2;
            default -> has(rest, "const") ? prefix + 1 : ContainerRule.UNBOUNDED;
        };
    }
}
