package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code unevaluatedProperties} and {@code unevaluatedItems} (core, 11). What other keywords
 * evaluate depends on which of their schemas the value follows; each case becomes a branch.
 */
final class Unevaluated {
    private static final int MOST_CASES = 256;
    private static final int MOST_DEPTH = 32;

    private final SchemaReader reader;
    private final ValueRules rules;
    private final SchemaDraft draft;

    /**
     * What is evaluated.
     *
     * @param all everything
     * @param names keys
     * @param patterns of keys
     * @param prefix items from the start
     * @param contained items that follow one of these
     */
    private record Seen(
            boolean all,
            Set<String> names,
            List<Expression> patterns,
            int prefix,
            List<ValueRule> contained) {
        static final Seen NOTHING = new Seen(false, Set.of(), List.of(), 0, List.of());

        Seen and(Seen other) {
            Set<String> both = new HashSet<>(names);
            both.addAll(other.names);
            List<Expression> keys = new ArrayList<>(patterns);
            keys.addAll(other.patterns);
            List<ValueRule> items = new ArrayList<>(contained);
            items.addAll(other.contained);
            return new Seen(all || other.all, both, keys, Math.max(prefix, other.prefix), items);
        }
    }

    /** What is evaluated if the value follows a rule. */
    private record Case(ValueRule rule, Seen seen) {}

    Unevaluated(SchemaReader reader, ValueRules rules, SchemaDraft draft) {
        this.reader = reader;
        this.rules = rules;
        this.draft = draft;
    }

    List<ValueRule> read(JsonNode schema, SchemaAssertion.Maker maker) throws GrammarException {
        List<ValueRule> all = new ArrayList<>();
        for (String keyword : List.of("unevaluatedProperties", "unevaluatedItems")) {
            if (!schema.has(keyword) || !draft.knows(keyword)) {
                continue;
            }
            ValueRule rest = reader.rule(schema.path(keyword));
            boolean keys = keyword.equals("unevaluatedProperties");
            List<ValueRule> cases = new ArrayList<>();
            for (Case some : cases(schema, keyword, keys, true, 0)) {
                cases.add(rules.and(List.of(some.rule, limited(some.seen, rest, keys, maker))));
            }
            all.add(rules.or(cases));
        }
        return all;
    }

    private ValueRule limited(
            Seen seen, ValueRule rest, boolean keys, SchemaAssertion.Maker maker) {
        if (seen.all) {
            return rules.yes();
        }
        SchemaAssertion own = maker.make();
        if (keys) {
            Map<String, ValueRule> names = new LinkedHashMap<>();
            seen.names.forEach(name -> names.put(name, rules.yes()));
            List<ContainerRule.OfPattern> patterns =
                    seen.patterns.stream()
                            .map(e -> new ContainerRule.OfPattern(e, rules.yes()))
                            .toList();
            ContainerRule rule =
                    new ContainerRule.OfObject(
                            names, patterns, rest, Set.of(), ContainerRule.Counted.ANY, null);
            own.objects.add(() -> rules.conditions.rule(rule));
        } else {
            List<ValueRule> others = new ArrayList<>(seen.contained);
            others.add(rest);
            List<ValueRule> prefix = new ArrayList<>();
            for (int i = 0; i < seen.prefix; i++) {
                prefix.add(rules.yes());
            }
            ContainerRule rule =
                    new ContainerRule.OfArray(prefix, rules.or(others), ContainerRule.Counted.ANY);
            own.arrays.add(() -> rules.conditions.rule(rule));
        }
        return rules.assertion(own);
    }

    private List<Case> cases(
            JsonNode schema, String keyword, boolean keys, boolean outermost, int depth)
            throws GrammarException {
        if (depth > MOST_DEPTH) {
            throw reader.unsupported(schema, keyword, "it depends on too many schemas");
        }
        List<Case> all = new ArrayList<>();
        all.add(new Case(rules.yes(), own(schema, keyword, keys, outermost)));
        for (String reference : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            if (schema.has(reference) && draft.knows(reference)) {
                JsonNode target = reader.target(schema, reference);
                all = crossed(schema, all, cases(target, keyword, keys, false, depth + 1));
            }
        }
        for (JsonNode part : schema.path("allOf")) {
            all = crossed(schema, all, cases(part, keyword, keys, false, depth + 1));
        }
        for (String either : List.of("anyOf", "oneOf")) {
            for (JsonNode part : schema.path(either)) {
                all = crossed(schema, all, perhaps(part, rules.yes(), keyword, keys, depth));
            }
        }
        return dependent(schema, all, keyword, keys, depth);
    }

    private List<Case> dependent(
            JsonNode schema, List<Case> before, String keyword, boolean keys, int depth)
            throws GrammarException {
        List<Case> all = before;
        if (schema.has("if")) {
            JsonNode test = schema.path("if");
            List<Case> choice = perhaps(test, rules.yes(), keyword, keys, depth);
            if (schema.has("then")) {
                List<Case> then =
                        perhaps(schema.path("then"), reader.rule(test), keyword, keys, depth);
                choice = crossed(schema, choice, then);
            }
            if (schema.has("else")) {
                choice.addAll(
                        perhaps(
                                schema.path("else"),
                                rules.not(reader.rule(test)),
                                keyword,
                                keys,
                                depth));
            }
            all = crossed(schema, all, choice);
        }
        for (Map.Entry<String, JsonNode> entry : schema.path("dependentSchemas").properties()) {
            ValueRule present = reader.requires(entry.getKey());
            all = crossed(schema, all, perhaps(entry.getValue(), present, keyword, keys, depth));
        }
        return all;
    }

    /** The cases of a schema that the value may follow or not. */
    private List<Case> perhaps(
            JsonNode schema, ValueRule given, String keyword, boolean keys, int depth)
            throws GrammarException {
        List<Case> all = new ArrayList<>();
        all.add(new Case(rules.yes(), Seen.NOTHING));
        if (!schema.isObject()) {
            return all;
        }
        ValueRule rule = rules.and(List.of(given, reader.rule(schema)));
        for (Case some : cases(schema, keyword, keys, false, depth + 1)) {
            if (!some.seen.equals(Seen.NOTHING)) {
                all.add(new Case(rules.and(List.of(rule, some.rule)), some.seen));
            }
        }
        return all;
    }

    private List<Case> crossed(JsonNode schema, List<Case> a, List<Case> b)
            throws GrammarException {
        if (a.size() * b.size() > MOST_CASES) {
            throw reader.unsupported(
                    schema, "unevaluated", "it depends on more than " + MOST_CASES + " cases");
        }
        List<Case> all = new ArrayList<>();
        for (Case x : a) {
            for (Case y : b) {
                all.add(new Case(rules.and(List.of(x.rule, y.rule)), x.seen.and(y.seen)));
            }
        }
        return all;
    }

    private Seen own(JsonNode schema, String keyword, boolean keys, boolean outermost)
            throws GrammarException {
        if (!schema.isObject()) {
            return Seen.NOTHING;
        }
        boolean all = !outermost && schema.has(keyword);
        if (keys) {
            List<Expression> patterns = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry :
                    schema.path("patternProperties").properties()) {
                patterns.add(reader.pattern(schema, "patternProperties", entry.getKey()));
            }
            Set<String> names = new HashSet<>();
            schema.path("properties").forEachEntry((name, value) -> names.add(name));
            all |= schema.has("additionalProperties");
            return new Seen(all, names, patterns, 0, List.of());
        }
        JsonNode items = schema.path("items");
        JsonNode prefix = items.isArray() ? items : schema.path("prefixItems");
        all |= items.isArray() ? schema.has("additionalItems") : schema.has("items");
        List<ValueRule> contained = new ArrayList<>();
        if (draft == SchemaDraft.DRAFT_2020_12 && schema.has("contains")) {
            contained.add(reader.rule(schema.path("contains")));
        }
        return new Seen(all, Set.of(), List.of(), prefix.size(), contained);
    }
}
