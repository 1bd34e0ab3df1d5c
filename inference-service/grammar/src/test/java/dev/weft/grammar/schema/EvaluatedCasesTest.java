package dev.weft.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What {@code unevaluatedProperties} and {@code unevaluatedItems} leave, by another validator. */
final class EvaluatedCasesTest {
    private static final int SCHEMAS = 150;
    private static final int MOST_DEPTH = 3;

    @Test
    void servesFiveConditions() throws Exception {
        Grammar grammar =
                Walks.schema(
                        schema(
                                IntStream.range(0, 5)
                                        .mapToObj(i ->
                                                ("{'if':{'properties':{'k':{'const':%d}},'required':['k']},"
                                                     + "'then':{'properties':{'p%d':true}}}")
                                                        .formatted(i, i))
                                        .collect(Collectors.joining(",", "'allOf':[", "]"))));
        assertThat(Walks.accepts(grammar, json("{'k':3,'p3':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'k':3,'p4':1}"))).isFalse();
    }

    @Test
    void servesManyBranchesOfWhichOneHolds() throws Exception {
        Grammar grammar =
                Walks.schema(
                        schema(
                                IntStream.range(0, 40)
                                        .mapToObj(i ->
                                                "{'properties':{'k':{'const':%d},'p%d':true}}"
                                                        .formatted(i, i))
                                        .collect(
                                                Collectors.joining(
                                                        ",", "'required':['k'],'oneOf':[", "]"))));
        assertThat(Walks.accepts(grammar, json("{'k':33,'p33':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'k':33,'p34':1}"))).isFalse();
    }

    /** What that branch evaluates it evaluates of every value. */
    @Test
    void servesABranchThatEveryValueFollows() throws Exception {
        Grammar grammar =
                Walks.schema(schema("'oneOf':[{'properties':{'a':true}},{'required':['b']}]"));
        assertThat(Walks.accepts(grammar, json("{'a':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'b':1}"))).isFalse();
        assertThat(Walks.accepts(grammar, json("{'a':1,'b':1}"))).isFalse();
    }

    private static String schema(String keywords) {
        return json("{'type':'object','unevaluatedProperties':false," + keywords + "}");
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void allowsOfSmallObjectsThoseThatAreValid() throws Exception {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 81; i++) {
            StringBuilder value = new StringBuilder();
            for (int key = 0, left = i; key < 4; key++, left /= 3) {
                if (left % 3 > 0) {
                    value.append(value.isEmpty() ? "" : ",")
                            .append(json("'%c':%d".formatted('a' + key, left % 3)));
                }
            }
            values.add("{" + value + "}");
        }
        compare(new Random(4), true, values);
    }

    @Test
    void allowsOfSmallArraysThoseThatAreValid() throws Exception {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            StringBuilder value = new StringBuilder();
            for (int left = i; left > 0; left = (left - 1) / 3) {
                value.append(value.isEmpty() ? "" : ",").append((left - 1) % 3);
            }
            values.add("[" + value + "]");
        }
        compare(new Random(5), false, values);
    }

    private static void compare(Random random, boolean objects, List<String> values)
            throws Exception {
        int allowed = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            String text =
                    json(
                            "{'type':'%s',%s,'unevaluated%s':false}"
                                    .formatted(
                                            objects ? "object" : "array",
                                            keywords(random, objects, 0),
                                            objects ? "Properties" : "Items"));
            Schema oracle =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(JsonMapper.shared().readTree(text));
            Grammar grammar = grammar(text);
            if (grammar == null) {
                continue;
            }
            for (String value : values) {
                boolean valid = oracle.validate(JsonMapper.shared().readTree(value)).isEmpty();
                assertThat(Walks.accepts(grammar, value))
                        .as(text + " and " + value)
                        .isEqualTo(valid);
                allowed += valid ? 1 : 0;
            }
        }
        assertThat(allowed).isGreaterThan(SCHEMAS);
    }

    /** Null if no value is valid, or there are too many cases. */
    private static @Nullable Grammar grammar(String schema) throws GrammarException {
        try {
            return Walks.schema(schema);
        } catch (GrammarException e) {
            assertThat(e.getMessage()).as(schema).containsAnyOf("no value is valid", "cases");
            return null;
        }
    }

    private static String keywords(Random random, boolean objects, int depth) {
        int kind = depth == MOST_DEPTH ? 0 : random.nextInt(8);
        return switch (kind) {
            case 0, 1 -> objects ? ofObject(random) : ofArray(random);
            case 2 -> list("anyOf", random, objects, depth);
            case 3 -> list("oneOf", random, objects, depth);
            case 4 -> list("allOf", random, objects, depth);
            case 5 ->
                    "'if':%s,'then':%s"
                            .formatted(part(random, objects, depth), part(random, objects, depth));
            case 6 ->
                    "'if':%s,'then':%s,'else':%s"
                            .formatted(
                                    part(random, objects, depth),
                                    part(random, objects, depth),
                                    part(random, objects, depth));
            default ->
                    objects
                            ? "'dependentSchemas':{'%s':%s}"
                                    .formatted(key(random), part(random, objects, depth))
                            : "'not':" + part(random, objects, depth);
        };
    }

    private static String part(Random random, boolean objects, int depth) {
        return "{" + keywords(random, objects, depth + 1) + "}";
    }

    private static String list(String keyword, Random random, boolean objects, int depth) {
        return IntStream.range(0, 2 + random.nextInt(2))
                .mapToObj(_ -> part(random, objects, depth))
                .collect(Collectors.joining(",", "'" + keyword + "':[", "]"));
    }

    private static String ofObject(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "'required':['%s']".formatted(key(random));
            case 1 -> "'patternProperties':{'^[%sd]':true}".formatted(key(random));
            case 2 -> "'properties':{'%s':{'const':1}}".formatted(key(random));
            default ->
                    "'properties':{'%s':{'const':1},'%s':true}".formatted(key(random), key(random));
        };
    }

    private static char key(Random random) {
        return (char) ('a' + random.nextInt(3));
    }

    private static String ofArray(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "'minItems':" + random.nextInt(3);
            case 1 -> "'contains':{'const':%d}".formatted(random.nextInt(3));
            case 2 -> "'prefixItems':[true,{'const':%d}]".formatted(random.nextInt(3));
            default -> "'prefixItems':[{'const':%d}]".formatted(random.nextInt(3));
        };
    }
}
