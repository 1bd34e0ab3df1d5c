package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What clients may send to take time and memory ends their own request, and that soon. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileSchemaTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'pattern':'^(a|aa)*b{1000}$'}",
                "{'pattern':'^(a{1000}){1000}$'}",
                "{'pattern':'^((((a?){100}){100}){100}){100}$'}",
                "{'pattern':'^(a|b)*a(a|b){900}$','not':{'pattern':'^(a|b)*b(a|b){901}$'}}",
                "{'allOf':[{'pattern':'^(aa)*$'},{'pattern':'^(aaa)*$'},{'pattern':'^(aaaaa)*$'},"
                    + "{'pattern':'^(a{7})*$'},{'pattern':'^(a{11})*$'},{'pattern':'^(a{13})*$'},"
                    + "{'not':{'pattern':'^a*$'}}]}",
                "{'minItems':1000000000}",
                "{'minLength':1000000000}",
                "{'multipleOf':0.123456789}",
                "{'uniqueItems':true,'items':{'enum':[1]},'minItems':3}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'required':['a'],'type':'object',"
                        + "'properties':{'a':{'$ref':'#/$defs/a'}}}}}",
                "{'maximum':1e400,'minimum':-1e-400}",
                "{'allOf':[{'pattern':'^a{1000000}$'},{'pattern':'^(aa)*a$'}]}",
                "{'pattern':'^\\\\p{sc=Thai}\\\\p{sc=Lao}\\\\p{Script=Runic}\\\\P{Cn}$'}"
            })
    void isServedOrRefusedSoon(String schema) throws Exception {
        attempt(schema.replace('\'', '"'));
    }

    /** Compiles and walks; only a GrammarException may come of it. */
    private static void attempt(String schema) {
        try {
            TokenMatcher matcher = Walks.schema(schema).matcher(Walks.WORDS);
            for (int i = 0; i < 60; i++) {
                var allowed = Walks.mask(matcher, Walks.WORDS);
                if (allowed.isEmpty() || matcher.mayEnd()) {
                    return;
                }
                matcher.accept(allowed.get(i % allowed.size()));
            }
        } catch (GrammarException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tellsWhereAFaultIsBesideManyDeepValues() {
        String values = "0,".repeat(1_000_000) + "0";
        String key = "k".repeat(4_000);
        String deep = "{\"%s\":".formatted(key).repeat(100) + "[" + values + "]" + "}".repeat(100);
        String schema = "{\"x\":%s,\"properties\":{\"a\":{\"type\":\"objekt\"}}}".formatted(deep);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Walks.schema(schema))
                .withMessageContaining("objekt");
    }

    /** Values that no keyword reads cost nothing until a fault is looked for among them. */
    @Test
    void looksForAFaultWithinTheBudget() {
        String values = "0,".repeat(200_000) + "0";
        String schema =
                "{\"default\":[[%s]],\"properties\":{\"a\":{\"type\":1}}}".formatted(values);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Walks.schema(schema, options(100_000, 32L << 20)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.TOO_LARGE));
    }

    /** The grammar keeps the values, though no string is among them. */
    @Test
    void valuesCountAsMemory() {
        String values = "{\"a\":[]},".repeat(20_000) + "\"b\"";
        String schema = "{\"type\":\"string\",\"enum\":[" + values + "]}";
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Walks.schema(schema, options(50_000_000, 2L << 20)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.TOO_LARGE));
    }

    private static GrammarOptions options(long steps, long memory) {
        GrammarOptions options = GrammarOptions.defaults();
        return new GrammarOptions(
                options.whitespace(),
                options.keyOrder(),
                options.numbers(),
                steps,
                options.walkBudget(),
                memory,
                () -> false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'properties':{'a':{'type':'string','format':'date','pattern':'b'},'c':{}}",
                "'patternProperties':{'^a':{'items':{'type':'integer','minimum':3}}}",
                "'required':['a'],'propertyNames':{'maxLength':3},'minProperties':2",
                "'allOf':[{'anyOf':[{'required':['a']},{'not':{'required':['b']}}]}]",
                "'if':{'required':['a']},'then':{'properties':{'b':false}},'else':{}",
                "'dependentRequired':{'a':['b']},'dependentSchemas':{'b':{'required':['c']}}",
                "'unevaluatedProperties':false,'oneOf':[{'properties':{'a':{}}}]",
                "'properties':{'a':{'prefixItems':[{}],'contains':{'const':1},'uniqueItems':true}}",
                "'properties':{'a':{'unevaluatedItems':{'type':'null'},'maxContains':2}}",
                "'properties':{'a':{'$ref':'#/$defs/b'}},'$defs':{'b':{'items':{'$ref':'#'}}}",
                "'additionalProperties':{'enum':['a',1,[2],{'b':null}]}"
            })
    void theTreeIsLetGo(String keywords) throws Exception {
        String schema = "{'type':'object'," + keywords + "}";
        ObjectNode tree = (ObjectNode) JsonMapper.shared().readTree(schema.replace('\'', '"'));
        WeakReference<ObjectNode> kept = new WeakReference<>(tree);
        Grammar grammar = Grammar.jsonSchema(tree, GrammarOptions.defaults());
        Walks.accepts(grammar, "{\"a\": ");
        tree = null;
        for (int i = 0; i < 100 && kept.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(kept.get()).isNull();
        assertThat(grammar.bytes()).isPositive();
    }

    @Test
    void nestsAsDeepAsItLikes() {
        attempt("{\"not\":".repeat(390) + "{}" + "}".repeat(390));
        attempt("{\"items\":".repeat(450) + "{}" + "}".repeat(450));
        attempt("{\"pattern\":\"" + "(".repeat(15_000) + ")".repeat(15_000) + "\"}");
        attempt("{\"pattern\":\"" + "a?".repeat(9_000) + "\"}");
    }

    @Test
    void takesTenThousandValuesAndManyBranches() throws Exception {
        String values =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "\"value-" + i * 7919 % 10_000 + "\"")
                        .collect(Collectors.joining(","));
        Grammar grammar = Walks.schema("{\"enum\":[" + values + "]}");
        assertThat(Walks.accepts(grammar, "\"value-77\"")).isTrue();
        assertThat(Walks.accepts(grammar, "\"value-10000\"")).isFalse();
        String branches =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                "{\"type\":\"object\",\"properties\":{\"name\":{\"const\":"
                                        + "\"t"
                                        + i
                                        + "\"}},\"required\":[\"name\"]}")
                        .collect(Collectors.joining(","));
        Grammar tools = Walks.schema("{\"anyOf\":[" + branches + "]}");
        assertThat(Walks.accepts(tools, "{\"name\": \"t999\"}")).isTrue();
        assertThat(Walks.accepts(tools, "{\"name\": \"t1000\"}")).isFalse();
    }

    /** 10,000 references to one that has 10,000 itself: each of them is followed once. */
    @Test
    void followsAReferenceOnce() {
        String properties = many(i -> "\"p" + i + "\":{\"$ref\":\"#/$defs/d" + i + "\"}");
        String hub = many(i -> "{\"$ref\":\"#/$defs/l" + i + "\"}");
        String leaves = many(i -> "\"l" + i + "\":{\"maxLength\":" + (1000 + i) + "}");
        String ways = many(i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/hub\"}");
        attempt(
                "{\"type\":\"object\",\"properties\":{%s},\"$defs\":{\"hub\":{\"allOf\":[%s]},%s,%s}}"
                        .formatted(properties, hub, leaves, ways));
    }

    /**
     * Each schema asks for one that is the same in twenty places: a way is not looked into twice.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object'}",
                "{'properties':{'a':true}}",
                "{'patternProperties':{'^a':true}}",
                "{'anyOf':[{'required':['a']},{'properties':{'a':{'type':'null'}}}]}"
            })
    void looksIntoWhatOthersEvaluateOnce(String last) throws Exception {
        String levels =
                IntStream.range(0, 8)
                        .mapToObj(i ->
                                "'a%d':{'allOf':[%s]}"
                                        .formatted(
                                                i,
                                                String.join(
                                                        ",",
                                                        Collections.nCopies(
                                                                20,
                                                                "{'$ref':'#/$defs/a%d'}"
                                                                        .formatted(i + 1)))))
                        .collect(Collectors.joining(","));
        String schema =
                "{'unevaluatedProperties':false,'$ref':'#/$defs/a0','$defs':{%s,'a8':%s}}"
                        .formatted(levels, last);
        attempt(schema.replace('\'', '"'));
    }

    @Test
    void servesOneOfWaysThatAreAlike() throws Exception {
        String all = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"null\"}}}";
        for (int i = 0; i < 12; i++) {
            all = "{\"allOf\":[%s,%s]}".formatted(all, all);
        }
        Grammar grammar = Walks.schema("{\"unevaluatedProperties\":false,\"allOf\":[" + all + "]}");
        assertThat(Walks.accepts(grammar, "{\"a\": null}")).isTrue();
        assertThat(Walks.accepts(grammar, "{\"b\": null}")).isFalse();
    }

    /** What can't be matched is told by a step, however often it is repeated. */
    @Test
    void unrollsWhatLooksAheadWithinItsBudget() {
        for (String part : new String[] {"(?=a)b", "(?=a)a", "^a", "(?!b)[^c]"}) {
            String pattern = part;
            for (int i = 0; i < 8; i++) {
                pattern = "(" + pattern + "){16}";
            }
            attempt("{\"pattern\":\"" + pattern + "\"}");
            attempt("{\"pattern\":\"" + "(".repeat(9) + "a" + ")*){0}".repeat(4) + ")*\"}");
        }
    }

    @Test
    void unrollsWhatRepeatsOftenWithinItsBudget() {
        for (String part : new String[] {"(?=a)a", "(?:a|-(?=a))", "(?!b)[^c]"}) {
            attempt("{\"pattern\":\"^(((" + part + "){256}){0,256}){256}$\"}");
        }
    }

    /** What may come is counted for each key. */
    @Test
    void countsKeysWithinItsBudget() {
        String properties = many(i -> "\"p" + i + "\":{},\"q" + i + "\":{},\"r" + i + "\":{}");
        String keys = many(i -> "\"p" + i + "\",\"q" + i + "\",\"r" + i + '"');
        attempt(
                "{\"type\":\"object\",\"additionalProperties\":false,\"minProperties\":9,\"properties\":{%s}}"
                        .formatted(properties));
        attempt("{\"type\":\"object\",\"maxProperties\":30000,\"required\":[%s]}".formatted(keys));
    }

    @Test
    void aFaultIsToldAsOne() {
        GrammarOptions options =
                GrammarOptions.defaults()
                        .with(() -> {
                            throw new IllegalStateException("of this test");
                        });
        String schema = "{\"properties\":{" + many(i -> "\"p" + i + "\":{}") + "}}";
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Walks.schema(schema, options))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.FAULT));
    }

    /** Each of many identifiers has all of a long one before it. */
    @Test
    void boundsIdentifiers() {
        String deep =
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "{\"$id\":\"b" + i + "\",\"$anchor\":\"c" + i + "\"}")
                        .collect(Collectors.joining(","));
        String base = "http://x/" + "a".repeat(200_000) + "/";
        attempt("{\"$id\":\"%s\",\"allOf\":[%s]}".formatted(base, deep));
        attempt("{\"$id\":\"http://x/y/\",\"allOf\":[%s]}".formatted(deep));
    }

    /** Texts that hash alike, as keys and as values. */
    @Test
    void takesTextsThatHashAlike() {
        String values =
                IntStream.range(0, 1 << 14)
                        .mapToObj(HostileSchemaTest::alike)
                        .map(text -> "[\"" + text + "\"]")
                        .collect(Collectors.joining(","));
        attempt("{\"enum\":[" + values + "]}");
    }

    private static String alike(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            text.append((number >> i & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    private static String many(IntFunction<String> one) {
        return IntStream.range(0, 10_000).mapToObj(one).collect(Collectors.joining(","));
    }

    @Test
    void doesNotFollowAnAnswerIntoAnyDepth() throws Exception {
        Grammar grammar = Walks.schema("{}");
        assertThat(Walks.accepts(grammar, "[".repeat(150) + "]".repeat(150))).isTrue();
        assertThat(Walks.accepts(grammar, "[".repeat(50_000))).isFalse();
    }

    /** A part of a schema has too many cases; the keyword that asks for them is what is refused. */
    @ParameterizedTest
    @ValueSource(strings = {"unevaluatedProperties", "unevaluatedItems"})
    void theKeywordThatHasTooManyCasesIsNamed(String keyword) {
        String some =
                keyword.equals("unevaluatedItems")
                        ? "contains\":{\"const\":%d}"
                        : "properties\":{\"a%d\":{}}";
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            all.append(i == 0 ? "" : ",").append("{\"").append(some.formatted(i)).append('}');
        }
        String schema =
                "{\"properties\":{\"a/b\":{\"allOf\":[{\"anyOf\":["
                        + all
                        + "]}],\""
                        + keyword
                        + "\":false}}}";
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Walks.schema(schema))
                .satisfies(e -> {
                    assertThat(e.keyword()).isEqualTo(keyword);
                    assertThat(e.pointer()).isEqualTo("/properties/a~1b/" + keyword);
                });
    }
}
