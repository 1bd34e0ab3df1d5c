package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code unevaluatedProperties} and {@code unevaluatedItems} (core, 11). Which parts other
 * keywords evaluate depends on which of their schemas the value follows; each case becomes a
 * branch.
 */
final class Unevaluated {
    private static final int MOST_CASES = 256;
    private static final int MOST_DEPTH = 32;

    /** Bytes of a key or the like among what is evaluated. */
    private static final int BYTES_OF_SEEN = 48;

    private final SchemaReader reader;
    private final ValueRules rules;
    private final SchemaDraft draft;

    /** The cases of schemas that others refer to or hold; each is looked into once. */
    private final Map<String, Map<JsonNode, List<Case>>> known =
            Map.of(
                    "unevaluatedProperties", new IdentityHashMap<>(),
                    "unevaluatedItems", new IdentityHashMap<>());

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
            Set<Expression> patterns,
            int prefix,
            Set<ValueRule> contained) {
        static final Seen NOTHING = new Seen(false, Set.of(), Set.of(), 0, Set.of());

        int size() {
            return names.size() + patterns.size() + contained.size();
        }

        Seen and(Seen other) {
            return new Seen(
                    all || other.all,
                    both(names, other.names),
                    both(patterns, other.patterns),
                    Math.max(prefix, other.prefix),
                    both(contained, other.contained));
        }

        private static <T> Set<T> both(Set<T> a, Set<T> b) {
            if (b.isEmpty()) {
                return a;
            }
            Set<T> both = new LinkedHashSet<>(a);
            both.addAll(b);
            return both;
        }
    }

    /** The schema whose keyword asks what is evaluated. */
    private record Asker(JsonNode schema, String keyword) {
        /** Whether it asks for keys, and not for items. */
        boolean keys() {
            return keyword.equals("unevaluatedProperties");
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
            Asker asker = new Asker(schema, keyword);
            List<ValueRule> cases = new ArrayList<>();
            for (Case some : found(schema, asker, true, 0)) {
                ValueRule limited = limited(some.seen, rest, asker.keys(), maker);
                cases.add(rules.and(List.of(some.rule, limited)));
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
        hold(seen);
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

    private void hold(Seen seen) {
        rules.pool.budget().spend(1 + seen.size());
        rules.pool.hold((long) BYTES_OF_SEEN * seen.size());
    }

    /** The cases of a schema within the one that asks. */
    private List<Case> cases(JsonNode schema, Asker asker, int depth) throws GrammarException {
        Map<JsonNode, List<Case>> all = known.getOrDefault(asker.keyword, Map.of());
        List<Case> cases = all.get(schema);
        if (cases == null) {
            cases = List.copyOf(found(schema, asker, false, depth));
            all.put(schema, cases);
        }
        return cases;
    }

    private List<Case> found(JsonNode schema, Asker asker, boolean outermost, int depth)
            throws GrammarException {
        rules.pool.budget().spend(4);
        if (depth > MOST_DEPTH) {
            throw reader.unsupported(asker.schema, asker.keyword, "it depends on too many schemas");
        }
        List<Case> all = new ArrayList<>();
        all.add(new Case(rules.yes(), own(schema, asker, outermost)));
        for (String reference : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            if (schema.has(reference) && draft.knows(reference)) {
                JsonNode target = reader.target(schema, reference);
                all = crossed(asker, all, cases(target, asker, depth + 1));
            }
        }
        for (JsonNode part : schema.path("allOf")) {
            all = crossed(asker, all, cases(part, asker, depth + 1));
        }
        for (String either : List.of("anyOf", "oneOf")) {
            for (JsonNode part : schema.path(either)) {
                all = crossed(asker, all, perhaps(part, rules.yes(), asker, depth));
            }
        }
        return dependent(schema, all, asker, depth);
    }

    private List<Case> dependent(JsonNode schema, List<Case> before, Asker asker, int depth)
            throws GrammarException {
        List<Case> all = before;
        if (schema.has("if")) {
            JsonNode test = schema.path("if");
            List<Case> choice = perhaps(test, rules.yes(), asker, depth);
            if (schema.has("then")) {
                List<Case> then = perhaps(schema.path("then"), reader.rule(test), asker, depth);
                choice = crossed(asker, choice, then);
            }
            if (schema.has("else")) {
                choice.addAll(
                        perhaps(schema.path("else"), rules.not(reader.rule(test)), asker, depth));
            }
            all = crossed(asker, all, choice);
        }
        if (!asker.keys()) {
            // only objects follow them
            return all;
        }
        for (Map.Entry<String, JsonNode> entry : schema.path("dependentSchemas").properties()) {
            ValueRule present = reader.requires(entry.getKey());
            all = crossed(asker, all, perhaps(entry.getValue(), present, asker, depth));
        }
        return all;
    }

    /** The cases of a schema that the value may follow or not. */
    private List<Case> perhaps(JsonNode schema, ValueRule given, Asker asker, int depth)
            throws GrammarException {
        List<Case> all = new ArrayList<>();
        all.add(new Case(rules.yes(), Seen.NOTHING));
        if (!schema.isObject()) {
            return all;
        }
        ValueRule rule = rules.and(List.of(given, reader.rule(schema)));
        for (Case some : cases(schema, asker, depth + 1)) {
            if (!some.seen.equals(Seen.NOTHING)) {
                all.add(new Case(rules.and(List.of(rule, some.rule)), some.seen));
            }
        }
        return all;
    }

    private List<Case> crossed(Asker asker, List<Case> a, List<Case> b) throws GrammarException {
        if (a.size() * b.size() > MOST_CASES) {
            throw reader.unsupported(
                    asker.schema,
                    asker.keyword,
                    "it depends on more than " + MOST_CASES + " cases");
        }
        List<Case> all = new ArrayList<>();
        for (Case x : a) {
            for (Case y : b) {
                Seen both = x.seen.and(y.seen);
                hold(both);
                all.add(new Case(rules.and(List.of(x.rule, y.rule)), both));
            }
        }
        return all;
    }

    private Seen own(JsonNode schema, Asker asker, boolean outermost) throws GrammarException {
        if (!schema.isObject()) {
            return Seen.NOTHING;
        }
        boolean all = !outermost && schema.has(asker.keyword);
        if (asker.keys()) {
            Set<Expression> patterns = new LinkedHashSet<>();
            for (Map.Entry<String, JsonNode> entry :
                    schema.path("patternProperties").properties()) {
                patterns.add(reader.pattern(schema, "patternProperties", entry.getKey()));
            }
            Set<String> names = new LinkedHashSet<>();
            schema.path("properties").forEachEntry((name, value) -> names.add(name));
            all |= schema.has("additionalProperties");
            return new Seen(all, names, patterns, 0, Set.of());
        }
        JsonNode items = schema.path("items");
        JsonNode prefix = items.isArray() ? items : schema.path("prefixItems");
        all |= items.isArray() ? schema.has("additionalItems") : schema.has("items");
        Set<ValueRule> contained = new LinkedHashSet<>();
        if (draft == SchemaDraft.DRAFT_2020_12 && schema.has("contains")) {
            contained.add(reader.rule(schema.path("contains")));
        }
        return new Seen(all, Set.of(), Set.of(), prefix.size(), contained);
    }
}
