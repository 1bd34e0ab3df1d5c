package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.NumberExpressions;
import dev.weft.grammar.rule.NumberSet;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads JSON Schema, drafts 4 to 2020-12. Keywords that are not served are refused by pointer and
 * keyword; keywords that assert nothing, and unknown ones, are annotations.
 */
public final class SchemaReader {
    private static final Set<String> TYPES =
            Set.of("null", "boolean", "number", "integer", "string", "array", "object");

    private static final List<String> COMBINING =
            List.of("$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if");

    private static final String NO_SCHEMA = "a schema is an object or a boolean";

    private final ValueRules rules;
    private final Constants constants;
    private final StringFormats formats;
    private final SchemaIndex index;
    private final SchemaDraft draft;
    private final ContainerReader containers;
    private final Unevaluated unevaluated;
    private final IdentityHashMap<JsonNode, ValueRule> references = new IdentityHashMap<>();
    private final ArrayDeque<JsonNode> open = new ArrayDeque<>();

    /** Rules of subschemas. Keywords about what others evaluate ask for one again. */
    private final IdentityHashMap<JsonNode, ValueRule> made = new IdentityHashMap<>();

    /** Subschemas whose rules are being made. Parts within one refer to it by reference. */
    private final Set<JsonNode> making = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Number of keywords that combine schemas around the one that is read. */
    private int nesting;

    public SchemaReader(ValueRules rules, Constants constants, JsonNode root)
            throws GrammarException {
        this.rules = rules;
        this.constants = constants;
        this.formats = new StringFormats(rules.pool);
        this.index = new SchemaIndex(rules.pool, root);
        this.draft = SchemaDraft.of(root);
        this.containers = new ContainerReader(this, rules, draft);
        this.unevaluated = new Unevaluated(this, rules, draft);
    }

    /** The rule of the whole schema, or of a part of it. */
    public ValueRule read(JsonNode root) throws GrammarException {
        ValueRule known = made.get(root);
        if (known != null) {
            return known;
        }
        ValueRule rule = reference(root);
        List<JsonNode> built = new ArrayList<>();
        while (!open.isEmpty()) {
            JsonNode next = open.removeFirst();
            built.add(next);
            ValueRule reference = references.get(next);
            if (reference != null && reference.target == null) {
                reference.target = build(next);
            }
        }
        ReferenceCircles circles = new ReferenceCircles(rules.pool.budget());
        for (JsonNode next : built) {
            ValueRule reference = references.get(next);
            if (reference != null && circles.has(reference)) {
                throw refused(
                        GrammarException.Kind.INVALID,
                        next,
                        "$ref",
                        "the schema refers to itself for the same value");
            }
        }
        return rule;
    }

    private ValueRule reference(JsonNode schema) {
        ValueRule found = references.get(schema);
        if (found == null) {
            found = rules.reference();
            references.put(schema, found);
            open.add(schema);
        }
        return found;
    }

    /** The rule of a subschema. */
    ValueRule rule(JsonNode schema) throws GrammarException {
        ValueRule found = references.get(schema);
        if (found == null) {
            found = made.get(schema);
        }
        if (found != null) {
            return found;
        }
        if (!making.add(schema)) {
            return reference(schema);
        }
        found = build(schema);
        making.remove(schema);
        made.put(schema, found);
        ValueRule asked = references.get(schema);
        if (asked != null) {
            asked.target = found;
        }
        return found;
    }

    /** The rule of the schema that is a keyword's value. */
    ValueRule part(JsonNode schema, String keyword) throws GrammarException {
        return part(schema, keyword, null, schema.path(keyword));
    }

    /**
     * The rule of a schema within a keyword's value.
     *
     * @param key the place of the part in the value; null if it is the value itself
     */
    ValueRule part(JsonNode schema, String keyword, @Nullable String key, JsonNode part)
            throws GrammarException {
        if (!isSchema(part)) {
            // numbers and null that are alike may be one node, so a search might find another place
            String pointer = index.pointer(schema) + "/" + keyword;
            throw refused(
                    GrammarException.Kind.INVALID,
                    key == null ? pointer : pointer + "/" + SchemaIndex.escaped(key),
                    keyword,
                    NO_SCHEMA);
        }
        return rule(part);
    }

    private static boolean isSchema(JsonNode part) {
        return part.isObject() || part.isBoolean();
    }

    /** Whether the rule of a subschema was asked for. */
    boolean hasRead(JsonNode schema) {
        return references.containsKey(schema) || made.containsKey(schema);
    }

    SchemaDraft draft() {
        return draft;
    }

    private ValueRule build(JsonNode schema) throws GrammarException {
        rules.pool.budget().spend(16);
        if (schema.isBoolean()) {
            return rules.of(schema.booleanValue());
        }
        if (!schema.isObject()) {
            throw invalid(schema, "", NO_SCHEMA);
        }
        if (schema.has("$ref") && draft.referenceStandsAlone()) {
            return referred(schema, "$ref");
        }
        List<ValueRule> all = new ArrayList<>();
        SchemaAssertion own = new SchemaAssertion(rules, constants, formats);
        boolean asserts = false;
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            if (draft.refuses(entry.getKey())) {
                throw unsupported(schema, entry.getKey(), entry.getKey() + " is not served");
            }
            if (draft.knows(entry.getKey())) {
                asserts |= scalar(own, schema, entry.getKey(), entry.getValue());
                nesting++;
                combined(all, schema, entry.getKey());
                nesting--;
            }
        }
        asserts |= containers.read(own, schema);
        if (asserts) {
            all.add(rules.assertion(own));
        }
        all.addAll(unevaluated.read(schema, () -> new SchemaAssertion(rules, constants, formats)));
        return rules.and(all);
    }

    /**
     * The rank of an object's rule. What a schema says itself comes before what it is combined
     * with.
     */
    int rank(JsonNode schema) {
        boolean leads = COMBINING.stream().anyMatch(schema::has);
        return 2 * nesting - (leads ? 1 : 0);
    }

    /** Adds the rule of a keyword that combines schemas; nothing for any other keyword. */
    private void combined(List<ValueRule> all, JsonNode schema, String keyword)
            throws GrammarException {
        switch (keyword) {
            case "$ref", "$dynamicRef", "$recursiveRef" -> all.add(referred(schema, keyword));
            case "allOf" -> all.add(rules.and(branches(schema, keyword)));
            case "anyOf" -> all.add(rules.or(branches(schema, keyword)));
            case "oneOf" -> all.add(rules.one(branches(schema, keyword)));
            case "not" -> all.add(rules.not(part(schema, keyword)));
            case "if" -> {
                ValueRule test = part(schema, keyword);
                ValueRule then = schema.has("then") ? part(schema, "then") : rules.yes();
                ValueRule other = schema.has("else") ? part(schema, "else") : rules.yes();
                all.add(rules.or(List.of(rules.not(test), then)));
                all.add(rules.or(List.of(test, other)));
            }
            default -> {}
        }
    }

    List<ValueRule> branches(JsonNode schema, String keyword) throws GrammarException {
        JsonNode value = schema.path(keyword);
        if (!value.isArray() || value.isEmpty()) {
            throw invalid(schema, keyword, keyword + " is an array of one schema or more");
        }
        List<ValueRule> all = new ArrayList<>();
        for (JsonNode branch : value) {
            all.add(part(schema, keyword, Integer.toString(all.size()), branch));
        }
        return all;
    }

    private ValueRule referred(JsonNode schema, String keyword) throws GrammarException {
        JsonNode target = target(schema, keyword);
        if (!isSchema(target)) {
            throw invalid(schema, keyword, "it leads to no schema: " + NO_SCHEMA);
        }
        return reference(target);
    }

    /** Whether this schema's draft knows the keyword; an unknown one is an annotation. */
    public boolean knows(String keyword) {
        return draft.knows(keyword);
    }

    /** The types that parts of this schema name. */
    public NamedTypes types() {
        return new NamedTypes(index.root(), index);
    }

    JsonNode target(JsonNode schema, String keyword) throws GrammarException {
        JsonNode value = schema.path(keyword);
        if (!value.isString()) {
            throw invalid(schema, keyword, keyword + " is a string");
        }
        String name = value.stringValue();
        int hash = name.indexOf('#');
        boolean dynamic = !keyword.equals("$ref");
        if (dynamic && index.dynamicTargets(name.substring(hash + 1)) > 1) {
            throw unsupported(schema, keyword, name + " may lead to several places");
        }
        if (keyword.equals("$recursiveRef") && index.recursiveAnchors() > 0) {
            throw unsupported(schema, keyword, "$recursiveAnchor is not served");
        }
        JsonNode found = index.find(schema, name);
        if (found == null) {
            throw unsupported(
                    schema,
                    keyword,
                    "'%s' leads nowhere in this schema, and nothing is fetched"
                            .formatted(GrammarErrors.shortened(name)));
        }
        return found;
    }

    /**
     * Reads a keyword about scalars, or about all types; false for any other keyword, and for one
     * that asserts nothing here.
     */
    private boolean scalar(SchemaAssertion own, JsonNode schema, String keyword, JsonNode value)
            throws GrammarException {
        switch (keyword) {
            case "type" -> own.types = types(own, schema, value);
            case "enum" -> own.allowOnly(values(schema, value));
            case "const" -> own.allowOnly(List.of(value));
            case "pattern" -> own.patterns.add(pattern(schema, keyword, text(schema, keyword)));
            case "format" -> {
                if (!value.isString() || formats.find(value.stringValue()) == null) {
                    return false;
                }
                own.formatNames.add(value.stringValue());
            }
            case "minLength" -> own.minLength = count(schema, keyword);
            case "maxLength" -> own.maxLength = count(schema, keyword);
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> {
                NumberSet range = range(schema, keyword, value);
                if (range == null) {
                    return false;
                }
                own.ranges.add(range);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Set<String> types(SchemaAssertion own, JsonNode schema, JsonNode value)
            throws GrammarException {
        Set<String> types = new HashSet<>();
        List<JsonNode> names = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(names::add);
        } else {
            names.add(value);
        }
        for (JsonNode name : names) {
            String text = name.isString() ? name.stringValue() : "";
            if (!TYPES.contains(text)) {
                throw invalid(
                        schema,
                        "type",
                        "type %s is not one of %s"
                                .formatted(GrammarErrors.shortened(name.toString()), TYPES));
            }
            types.add(text);
        }
        own.bareIntegers = draft.compareTo(SchemaDraft.DRAFT_4) <= 0;
        return types;
    }

    private List<JsonNode> values(JsonNode schema, JsonNode value) throws GrammarException {
        if (!value.isArray()) {
            throw invalid(schema, "enum", "enum is an array");
        }
        List<JsonNode> all = new ArrayList<>();
        value.forEach(all::add);
        return all;
    }

    Expression pattern(JsonNode schema, String keyword, String pattern) throws GrammarException {
        try {
            return EcmaPattern.search(rules.pool, pattern);
        } catch (PatternException e) {
            throw GrammarErrors.refused(index.pointer(schema) + "/" + keyword, keyword, pattern, e);
        }
    }

    private @Nullable NumberSet range(JsonNode schema, String keyword, JsonNode value)
            throws GrammarException {
        boolean exclusive = keyword.startsWith("exclusive");
        if (exclusive && value.isBoolean()) {
            // draft 4: says how minimum and maximum are meant
            return null;
        }
        if (!value.isNumber() || !NumberExpressions.isFinite(value)) {
            throw invalid(schema, keyword, keyword + " is a number that a double can hold");
        }
        BigDecimal limit = value.decimalValue();
        NumberSet made;
        if (keyword.equals("multipleOf")) {
            if (limit.signum() <= 0) {
                throw invalid(schema, keyword, "multipleOf is above 0");
            }
            made = rules.numbers.multiplesOf(limit);
        } else {
            boolean low = keyword.endsWith("inimum");
            boolean strict =
                    exclusive
                            || schema.path(low ? "exclusiveMinimum" : "exclusiveMaximum")
                                    .booleanValue(false);
            made = low ? rules.numbers.atLeast(limit, strict) : rules.numbers.atMost(limit, strict);
        }
        if (made == null) {
            throw unsupported(schema, keyword, unserved(keyword, value));
        }
        return made;
    }

    private static String unserved(String keyword, JsonNode value) {
        return keyword.equals("multipleOf")
                ? "multipleOf %s is not served: one is %s"
                        .formatted(value, NumberExpressions.DIVISORS)
                : value + " has too many digits";
    }

    /** A rule that holds for objects that have a key, and for all values that are not objects. */
    ValueRule requires(String key) {
        SchemaAssertion own = new SchemaAssertion(rules, constants, formats);
        Condition present = containers.has(Set.of(key));
        own.objects.add(_ -> present);
        return rules.assertion(own);
    }

    /** Whether a keyword is missing, or null or false, as some programs write what is not set. */
    static boolean asksForNothing(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isBoolean() && !value.booleanValue());
    }

    /** The count that a keyword gives, 1,000,000,000 at most. */
    int count(JsonNode schema, String keyword) throws GrammarException {
        JsonNode value = schema.path(keyword);
        BigDecimal count =
                value.isNumber() && NumberExpressions.isFinite(value)
                        ? value.decimalValue()
                        : BigDecimal.ONE.negate();
        if (count.signum() < 0 || count.stripTrailingZeros().scale() > 0) {
            throw invalid(schema, keyword, keyword + " is a whole number of 0 or more");
        }
        return count.compareTo(BigDecimal.valueOf(1_000_000_000)) > 0
                ? 1_000_000_000
                : count.intValue();
    }

    String text(JsonNode schema, String keyword) throws GrammarException {
        JsonNode value = schema.path(keyword);
        if (!value.isString()) {
            throw invalid(schema, keyword, keyword + " is a string");
        }
        return value.stringValue();
    }

    String pointer(JsonNode schema) {
        return index.pointer(schema);
    }

    GrammarException invalid(JsonNode schema, String keyword, String message) {
        return refused(GrammarException.Kind.INVALID, schema, keyword, message);
    }

    GrammarException unsupported(JsonNode schema, String keyword, String message) {
        return refused(GrammarException.Kind.UNSUPPORTED, schema, keyword, message);
    }

    private GrammarException refused(
            GrammarException.Kind kind, JsonNode schema, String keyword, String message) {
        String pointer = index.pointer(schema);
        return refused(
                kind, keyword.isEmpty() ? pointer : pointer + "/" + keyword, keyword, message);
    }

    private static GrammarException refused(
            GrammarException.Kind kind, String pointer, String keyword, String message) {
        return new GrammarException(
                kind, pointer, keyword, "schema at '%s': %s".formatted(pointer, message));
    }
}
