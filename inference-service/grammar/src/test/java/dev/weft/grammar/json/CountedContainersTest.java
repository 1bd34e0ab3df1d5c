package dev.weft.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Containers whose number of members, or of members of a kind, decides what may follow. */
final class CountedContainersTest {
    private static final int WALKS = 12;
    private static final int MOST_BYTES = 36;
    private static final int GENERATED = 250;

    /** Bytes that walks prefer, so that they go through many containers. */
    private static final String LIKELY = "[]{},:\"abxyid1";

    static final List<String> SCHEMAS =
            List.of(
                    "{'type':'array','contains':{'const':'a'},'maxItems':2}",
                    "{'type':'array','contains':{'const':'a'},'minContains':2,'maxItems':3}",
                    "{'type':'array','items':{'type':'string'},'contains':{'pattern':'^a'},'maxItems':1}",
                    "{'type':'array','items':{'enum':['x','y','z']},'contains':{'const':'x'},'maxItems':3}",
                    "{'type':'array','prefixItems':[{'type':'object'},{'type':'object'}],'items':false,"
                        + "'contains':{'required':['id']}}",
                    "{'type':'array','prefixItems':[true,{'type':'string'},{'type':'integer'}],'items':false,"
                        + "'contains':{'type':'integer'},'minContains':2}",
                    "{'type':'array','prefixItems':[{'const':'a'}],'items':{'const':'b'},'contains':"
                        + "{'const':'a'},'minItems':1}",
                    "{'type':'array','maxItems':2,'anyOf':[{'contains':{'const':'a'}},{'contains':{'const':1}}]}",
                    "{'type':'array','allOf':[{'maxItems':2},{'contains':{'const':'a'},'minContains':2}]}",
                    "{'type':'array','anyOf':[{'maxItems':1},{'contains':{'const':'a'},'maxItems':3}]}",
                    "{'type':'object','maxProperties':1,'oneOf':[{'required':['a']},{'required':['b']}]}",
                    "{'type':'object','maxProperties':1,'anyOf':[{'required':['a']},{'required':['b']}]}",
                    "{'type':'object','maxProperties':1,'allOf':[{'required':['a']}]}",
                    "{'type':'object','maxProperties':2,'allOf':[{'required':['a']},{'required':['b']}]}",
                    "{'type':'object','maxProperties':2,'if':{'required':['a']},'then':{'required':['b']}}",
                    "{'type':'object','maxProperties':2,'if':{'required':['a']},'else':{'required':['b']}}",
                    "{'type':'object','maxProperties':2,'dependentRequired':{'a':['b']}}",
                    "{'type':'object','maxProperties':2,'anyOf':[{'required':['a','b']},{'maxProperties':1}]}",
                    "{'type':'object','properties':{'a':true,'b':true,'x':true},'additionalProperties':false,"
                        + "'allOf':[{'minProperties':2}],'maxProperties':2}",
                    "{'type':'array','not':{'minItems':2}}",
                    "{'type':'array','not':{'maxItems':1}}",
                    "{'type':'array','not':{'contains':{'const':'a'}}}",
                    "{'type':'array','maxItems':2,'not':{'items':{'type':'string'}}}",
                    "{'type':'array','prefixItems':[{'type':'string'},{'type':'string'}],'items':false,"
                        + "'not':{'items':{'const':'a'}}}",
                    "{'type':'array','items':{'enum':['a','b']},'if':{'maxItems':2},'then':{'items':{'const':'a'}}}",
                    "{'type':'array','oneOf':[{'minItems':1},{'items':{}}]}",
                    "{'type':'array','oneOf':[{'minItems':2},{'contains':{'const':'a'}}]}",
                    "{'type':'array','maxItems':3,'oneOf':[{'minItems':2},{'prefixItems':[{'const':'a'}]}]}",
                    "{'type':'object','not':{'minProperties':2}}",
                    "{'type':'object','not':{'maxProperties':1}}",
                    "{'type':'object','oneOf':[{'required':['a']},{'minProperties':2}]}",
                    "{'type':'object','maxProperties':2,'not':{'required':['a'],'minProperties':2}}",
                    "{'type':'object','maxProperties':2,'not':{'properties':{'a':{'type':'string'}}}}",
                    "{'type':'object','if':{'minProperties':1},'then':{'required':['a']}}",
                    "{'type':'object','if':{'maxProperties':1},'then':{'required':['a']},'else':{'required':['b']}}");

    /** Places by these have ends that a search for short ones does not always find. */
    static final List<String> SEARCHED =
            List.of(
                    "{'type':'array','not':{'contains':{'const':'a'},'maxContains':1}}",
                    "{'type':'array','not':{'uniqueItems':true},'maxItems':3}");

    @ParameterizedTest
    @FieldSource("SCHEMAS")
    void everyPlaceHasAnEnd(String schema) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        Random random = new Random(17);
        for (int i = 0; i < WALKS; i++) {
            walk(grammar, random);
        }
    }

    private static void walk(Grammar grammar, Random random) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        StringBuilder text = new StringBuilder();
        while (!matcher.mayEnd() && text.length() < MOST_BYTES) {
            List<Integer> allowed = Walks.mask(matcher, Walks.BYTES);
            List<Integer> likely =
                    allowed.stream().filter(token -> LIKELY.indexOf(token) >= 0).toList();
            List<Integer> from = likely.isEmpty() ? allowed : likely;
            assertThat(from).as(text.toString()).isNotEmpty();
            int token = from.get(random.nextInt(from.size()));
            matcher.accept(token);
            text.append((char) token);
            ends(grammar, text.toString());
        }
    }

    private static void ends(Grammar grammar, String text) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            matcher.accept(b & 0xFF);
        }
        assertThatCode(() -> matcher.endWithin(Integer.MAX_VALUE, Set.of()))
                .as(text)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @FieldSource({"SCHEMAS", "SEARCHED"})
    void allowsWhatIsValidAndNothingElse(String schema) throws Exception {
        compare(json(schema));
    }

    @Test
    void allowsWhatIsValidByGeneratedSchemasAndNothingElse() throws Exception {
        Random random = new Random(29);
        for (int i = 0; i < GENERATED; i++) {
            compare(json(CountedSchemas.next(random)));
        }
    }

    private static void compare(String schema) throws Exception {
        Schema oracle =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonMapper.shared().readTree(schema));
        Grammar grammar = compiled(schema);
        for (String value : CountedSchemas.VALUES) {
            boolean valid = oracle.validate(JsonMapper.shared().readTree(value)).isEmpty();
            boolean accepted = grammar != null && Walks.accepts(grammar, value);
            assertThat(accepted).as(schema + " and " + value).isEqualTo(valid);
        }
    }

    /** Null if the schema is refused, as one without a valid value is. */
    private static @Nullable Grammar compiled(String schema) {
        try {
            return Walks.schema(schema);
        } catch (GrammarException e) {
            return null;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'array','contains':{'const':'a'},'maxItems':2} | ['b','b",
                "{'type':'array','items':{'type':'string'},'contains':{'pattern':'^a'},'maxItems':1}"
                    + " | ['b",
                "{'type':'array','items':{'enum':['x','y']},'contains':{'const':'x'},'maxItems':2}"
                        + " | ['y','y",
                "{'type':'object','maxProperties':1,'oneOf':[{'required':['a']},{'required':['b']}]}"
                    + " | {'x",
                "{'type':'object','maxProperties':1,'allOf':[{'required':['a']}]} | {'x"
            })
    void theLastPlaceIsKeptForWhatIsWanted(String schema, String text) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        String refused = json(text);
        assertThat(Walks.allows(grammar, refused)).isFalse();
        assertThat(Walks.allows(grammar, refused.substring(0, refused.length() - 1))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'array','not':{'minItems':2}} | [1,",
                "{'type':'object','not':{'minProperties':2}} | {'a':1,",
                "{'type':'object','oneOf':[{'required':['a']},{'minProperties':2}]} | {'a':1,",
                "{'type':'array','oneOf':[{'minItems':1},{'items':{}}]} | [1",
                "{'type':'array','not':{'contains':{}}} | [1",
                "{'type':'array','items':{'type':'string'},'not':{'maxItems':1,'items':{'type':'string'}}}"
                    + " | ['a']"
            })
    void whatMustNotHoldShowsWhereItIsDecided(String schema, String text) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        String refused = json(text);
        assertThat(Walks.allows(grammar, refused)).isFalse();
        assertThat(Walks.allows(grammar, refused.substring(0, refused.length() - 1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'array','not':{'items':true}}",
                "{'oneOf':[{'type':'array','items':{}},{'type':'array'}]}",
                "{'type':'array','not':{'minItems':0}}"
            })
    void whatNothingIsValidByIsRefused(String schema) {
        assertThatThrownBy(() -> Walks.schema(json(schema)))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("no value is valid");
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
