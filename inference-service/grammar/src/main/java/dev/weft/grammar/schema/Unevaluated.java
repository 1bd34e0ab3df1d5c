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
 * Reads {@code unevaluatedProperties} and {@code unevaluatedItems} (core, 11). The parts that other
 * keywords evaluate depend on which of their schemas the value follows; each case becomes a branch.
 * A case counts only together with the rule of its schema. So it need not repeat what that rule
 * says (exactly one of {@code oneOf}, {@code then} behind {@code if}).
 */
final class Unevaluated {
    private static final int MOST_CASES = 256;
    private static final int MOST_DEPTH = 32;

    /** Bytes of a key, pattern or rule among the evaluated parts. */
    private static final int BYTES_OF_SEEN = 48;

    /** Evaluated parts that are looked up in about a step. */
    private static final int PARTS_PER_STEP = 4;

    private final SchemaReader reader;
    private final ValueRules rules;
    private final SchemaDraft draft;

    /**
     * The cases of schemas that others refer to or hold, by keyword. Each schema is looked into
     * once.
     */
    private final Map<String, Map<JsonNode, List<EvaluatedCase>>> known =
            Map.of(
                    "unevaluatedProperties", new IdentityHashMap<>(),
                    "unevaluatedItems", new IdentityHashMap<>());

    /** The schema whose keyword asks what is evaluated. */
    private record Asker(JsonNode schema, String keyword) {
        /** Whether it asks for keys, and not for items. */
        boolean keys() {
            return keyword.equals("unevaluatedProperties");
        }
    }

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
            ValueRule rest = reader.part(schema, keyword);
            Asker asker = new Asker(schema, keyword);
            List<ValueRule> cases = new ArrayList<>();
            for (EvaluatedCase some : found(schema, asker, true, 0)) {
                ValueRule limited = limited(some.seen(), rest, asker.keys(), maker);
                cases.add(rules.and(List.of(some.rule(), limited)));
            }
            all.add(rules.or(cases));
        }
        return all;
    }

    private ValueRule limited(
            EvaluatedParts seen, ValueRule rest, boolean keys, SchemaAssertion.Maker maker) {
        if (seen.all()) {
            return rules.yes();
        }
        hold(seen);
        SchemaAssertion own = maker.make();
        if (keys) {
            Map<String, ValueRule> names = new LinkedHashMap<>();
            seen.names().forEach(name -> names.put(name, rules.yes()));
            List<ContainerRule.OfPattern> patterns =
                    seen.patterns().stream()
                            .map(e -> new ContainerRule.OfPattern(e, rules.yes()))
                            .toList();
            ContainerRule rule =
                    new ContainerRule.OfObject(
                            names, patterns, rest, Set.of(), ContainerRule.Counted.ANY, null);
            own.objects.add(made -> made.conditions.rule(rule));
        } else {
            List<ValueRule> others = new ArrayList<>(seen.contained());
            others.add(rest);
            List<ValueRule> prefix = new ArrayList<>();
            for (int i = 0; i < seen.prefix(); i++) {
                prefix.add(rules.yes());
            }
            ContainerRule rule =
                    new ContainerRule.OfArray(prefix, rules.or(others), ContainerRule.Counted.ANY);
            own.arrays.add(made -> made.conditions.rule(rule));
        }
        return rules.assertion(own);
    }

    private void hold(EvaluatedParts seen) {
        rules.pool.budget().spend(1 + seen.size());
        rules.pool.hold((long) BYTES_OF_SEEN * seen.size());
    }

    /** The cases of a schema within the one that asks. */
    private List<EvaluatedCase> cases(JsonNode schema, Asker asker, int depth)
            throws GrammarException {
        Map<JsonNode, List<EvaluatedCase>> all = known.getOrDefault(asker.keyword, Map.of());
        List<EvaluatedCase> cases = all.get(schema);
        if (cases == null) {
            cases = List.copyOf(found(schema, asker, false, depth));
            all.put(schema, cases);
        }
        return cases;
    }

    private List<EvaluatedCase> found(JsonNode schema, Asker asker, boolean outermost, int depth)
            throws GrammarException {
        rules.pool.budget().spend(4);
        if (depth > MOST_DEPTH) {
            throw reader.unsupported(asker.schema, asker.keyword, "it depends on too many schemas");
        }
        List<EvaluatedCase> all = new ArrayList<>();
        all.add(new EvaluatedCase(rules.yes(), own(schema, asker, outermost)));
        for (String reference : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            if (schema.has(reference) && draft.knows(reference)) {
                JsonNode target = reader.target(schema, reference);
                all = crossed(asker, all, cases(target, asker, depth + 1));
            }
        }
        for (JsonNode part : schema.path("allOf")) {
            all = crossed(asker, all, cases(part, asker, depth + 1));
        }
        for (JsonNode part : schema.path("anyOf")) {
            all = crossed(asker, all, perhaps(part, asker, depth));
        }
        if (schema.path("oneOf").isArray()) {
            all = crossed(asker, all, oneOf(schema.path("oneOf"), always(all), asker, depth));
        }
        return dependent(schema, all, asker, depth);
    }

    /**
     * The cases of {@code oneOf}. The value follows one branch and no other, so there is no case in
     * which two evaluate.
     */
    private List<EvaluatedCase> oneOf(JsonNode parts, EvaluatedParts always, Asker asker, int depth)
            throws GrammarException {
        EvaluatedCase none = new EvaluatedCase(rules.yes(), EvaluatedParts.NOTHING);
        List<EvaluatedCase> all = new ArrayList<>();
        all.add(none);
        for (JsonNode part : parts) {
            for (EvaluatedCase some : reduced(perhaps(part, asker, depth), always)) {
                if (!some.equals(none)) {
                    all.add(some);
                }
            }
            checkCount(asker, all.size());
        }
        return all;
    }

    private List<EvaluatedCase> dependent(
            JsonNode schema, List<EvaluatedCase> before, Asker asker, int depth)
            throws GrammarException {
        List<EvaluatedCase> all = before;
        if (schema.has("if")) {
            all = crossed(asker, all, chosen(schema, asker, depth));
        }
        if (!asker.keys()) {
            // dependentSchemas say something only about objects
            return all;
        }
        for (Map.Entry<String, JsonNode> entry : schema.path("dependentSchemas").properties()) {
            ValueRule present = reader.requires(entry.getKey());
            all = crossed(asker, all, implied(entry.getValue(), present, asker, depth));
        }
        return all;
    }

    private List<EvaluatedCase> chosen(JsonNode schema, Asker asker, int depth)
            throws GrammarException {
        JsonNode test = schema.path("if");
        List<EvaluatedCase> choice = perhaps(test, asker, depth);
        if (schema.has("then")) {
            List<EvaluatedCase> then =
                    implied(schema.path("then"), reader.rule(test), asker, depth);
            choice = crossed(asker, choice, then);
        }
        if (schema.has("else")) {
            List<EvaluatedCase> all = new ArrayList<>(choice);
            ValueRule other = rules.not(reader.rule(test));
            all.addAll(implied(schema.path("else"), other, asker, depth));
            choice = reduced(all, EvaluatedParts.NOTHING);
        }
        return choice;
    }

    /** The cases of a schema that the value may follow or not. */
    private List<EvaluatedCase> perhaps(JsonNode schema, Asker asker, int depth)
            throws GrammarException {
        return schema.isObject()
                ? implied(schema, reader.rule(schema), asker, depth)
                : List.of(new EvaluatedCase(rules.yes(), EvaluatedParts.NOTHING));
    }

    /**
     * The cases of a schema that the value may follow or not.
     *
     * @param given a rule that the value follows only if it follows the schema: the schema's own,
     *     or the condition on which the schema around it asks for it
     */
    private List<EvaluatedCase> implied(JsonNode schema, ValueRule given, Asker asker, int depth)
            throws GrammarException {
        List<EvaluatedCase> all = new ArrayList<>();
        all.add(new EvaluatedCase(rules.yes(), EvaluatedParts.NOTHING));
        if (schema.isObject()) {
            for (EvaluatedCase some : cases(schema, asker, depth + 1)) {
                all.add(new EvaluatedCase(rules.and(List.of(given, some.rule())), some.seen()));
            }
        }
        return reduced(all, EvaluatedParts.NOTHING);
    }

    private List<EvaluatedCase> crossed(Asker asker, List<EvaluatedCase> a, List<EvaluatedCase> b)
            throws GrammarException {
        List<EvaluatedCase> others = reduced(b, always(a));
        checkCount(asker, a.size() * others.size());
        List<EvaluatedCase> all = new ArrayList<>();
        for (EvaluatedCase x : a) {
            for (EvaluatedCase y : others) {
                EvaluatedParts both = x.seen().and(y.seen());
                hold(both);
                all.add(new EvaluatedCase(rules.and(List.of(x.rule(), y.rule())), both));
            }
        }
        return reduced(all, EvaluatedParts.NOTHING);
    }

    private void checkCount(Asker asker, int cases) throws GrammarException {
        if (cases > MOST_CASES) {
            throw reader.unsupported(
                    asker.schema,
                    asker.keyword,
                    "it depends on more than " + MOST_CASES + " cases");
        }
    }

    /** The parts that are evaluated in each of some cases. */
    private EvaluatedParts always(List<EvaluatedCase> all) {
        EvaluatedParts always = all.getFirst().seen();
        for (EvaluatedCase one : all) {
            rules.pool.budget().spend(1 + always.size());
            always = always.common(one.seen());
        }
        return always;
    }

    /**
     * Leaves out each case in which another one holds, too, and evaluates as much.
     *
     * @param always is evaluated in any case
     */
    private List<EvaluatedCase> reduced(List<EvaluatedCase> all, EvaluatedParts always) {
        List<EvaluatedCase> kept = new ArrayList<>();
        for (EvaluatedCase one : all) {
            EvaluatedParts wide = one.seen().and(always);
            rules.pool.budget().spend(1 + wide.size());
            if (kept.stream().noneMatch(other -> isWithin(one, other, other.seen().and(always)))) {
                kept.removeIf(other -> isWithin(other, one, wide));
                kept.add(one);
            }
        }
        return kept;
    }

    private boolean isWithin(EvaluatedCase one, EvaluatedCase other, EvaluatedParts seen) {
        rules.pool.budget().spend(1 + one.seen().size() / PARTS_PER_STEP);
        return seen.covers(one.seen()) && rules.follows(one.rule(), other.rule());
    }

    private EvaluatedParts own(JsonNode schema, Asker asker, boolean outermost)
            throws GrammarException {
        if (!schema.isObject()) {
            return EvaluatedParts.NOTHING;
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
            return new EvaluatedParts(all, names, patterns, 0, Set.of());
        }
        JsonNode prefix = draft.firstItems(schema);
        all |= draft.otherItems(schema) != null;
        Set<ValueRule> contained = new LinkedHashSet<>();
        if (draft == SchemaDraft.DRAFT_2020_12 && schema.has("contains")) {
            contained.add(reader.rule(schema.path("contains")));
        }
        return new EvaluatedParts(all, Set.of(), Set.of(), prefix.size(), contained);
    }
}
