package dev.weft.grammar.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Numbers as readers with types take them, beside those that JSON Schema calls the same. */
final class TypedNumbersTest {
    private static final int WALKS = 60;
    private static final int MOST_TOKENS = 200;
    private static final int COMPARED = 9;
    private static final Pattern NUMBER = Pattern.compile("[-+.0-9eE]+");
    private static final GrammarOptions TYPED =
            GrammarOptions.defaults().with(GrammarOptions.Numbers.TYPED);

    private static Grammar grammar(String schema, GrammarOptions options) throws GrammarException {
        return Walks.schema(schema.replace('\'', '"'), options);
    }

    /** What is refused is valid: without the option it is accepted. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'integer'} | 0,-0,-7,38,123456789012345678901234567890 |"
                        + " 38.0e30,20e90,38000e255,4e000,38.0,1E2,1e+16,0e5",
                "{'type':['integer','null']} | 38,null | 38.0,4e000,1e2",
                "{'type':'integer','minimum':3,'maximum':1e20} | 5,100000000000000000000 |"
                        + " 5.0,5e0,1e+16",
                "{'type':'integer','exclusiveMaximum':0} | -5 | -5.0,-5e0",
                "{'enum':[5,2.5,'a']} | 5,2.5,2.50,\"a\" | 5.0,5.00",
                "{'enum':[7.0,1e2]} | 7,100 | 7.0,100.0",
                "{'const':100000000} | 100000000 | 1e8,1e+08,100000000.0",
                "{'const':-3} | -3 | -3.0",
                "{'multipleOf':5} | 35,-10,0 | 35.0,0.0",
                "{'multipleOf':1} | 35 | 35.0,35e1,1e+16",
                "{'type':'integer','multipleOf':0.5} | 35 | 35.0",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]} | 38,\"\" | 38.0,1e2",
                "{'oneOf':[{'type':'integer'},{'type':'string'}]} | 38,\"\" | 38.0,1e2",
                "{'oneOf':[{'type':'integer','maximum':5},{'type':'integer','minimum':9}]} |"
                        + " 3,12 | 3.0,12.0",
                "{'allOf':[{'type':'number'},{'$ref':'#/$defs/a'}],'$defs':{'a':{'type':"
                        + "'integer'}}} | 38 | 38.0,1e2",
                "{'type':'number'} | 38,38.0,2.5,1e16,1e+16,1e-7,1e-07,1.5E300,"
                        + "1.7976931348623157e+308,5e-324 |"
                        + " 4e000,4e0,38000e255,38.0e30,10e5,0e5,0.5e1,1e007,6.02e+023",
                "{} | 38.0,1e-07 | 4e000,38000e255,1e007",
                "{'minimum':1} | 1.0,1e+16,1.5e300 | 1e0,1e016,1e+000",
                "{'maximum':-5.5} | -5.5,-1e+16 | -5.5e+00,-1e016",
                "{'const':1e-7} | 1e-7,1e-07,0.0000001 | 1.0E-007",
                "{'const':1e50} | 1e50,1e+50 | 1e050"
            })
    void whatIsNotWrittenSoIsRefused(String schema, String good, String bad) throws Exception {
        Grammar typed = grammar(schema, TYPED);
        Grammar any = grammar(schema, GrammarOptions.defaults());
        for (String text : good.split(",", -1)) {
            assertThat(Walks.accepts(typed, text)).as(text).isTrue();
        }
        for (String text : bad.split(",", -1)) {
            assertThat(Walks.accepts(typed, text)).as(text).isFalse();
            assertThat(Walks.accepts(any, text)).as(text).isTrue();
        }
    }

    /** It is still an integer, whoever writes it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'number','not':{'type':'integer'}} | 38.5 | 38.0",
                "{'type':'number','not':{'const':38}} | 39.0 | 38.0",
                "{'oneOf':[{'type':'integer'},{'type':'number'}]} | 38.5 | 38.0"
            })
    void whatIsNoIntegerStaysSo(String schema, String good, String bad) throws Exception {
        for (GrammarOptions options : List.of(TYPED, GrammarOptions.defaults())) {
            assertThat(Walks.accepts(grammar(schema, options), good)).isTrue();
            assertThat(Walks.accepts(grammar(schema, options), bad)).isFalse();
        }
    }

    /** By the number alone it is not known which of two objects this will be. */
    @Test
    void anIntegerSuitsAllThatItMayBeFor() throws Exception {
        String schema =
                """
                {'anyOf':[{'type':'object','properties':{'a':{'type':'integer'},'k':{'const':1}},
                           'required':['a','k']},
                          {'type':'object','properties':{'a':{'type':'number'},'k':{'const':2}},
                           'required':['a','k']}]}
                """;
        Grammar typed = grammar(schema, TYPED);
        assertThat(Walks.accepts(typed, "{\"a\":38,\"k\":1}")).isTrue();
        assertThat(Walks.accepts(typed, "{\"a\":38,\"k\":2}")).isTrue();
        assertThat(Walks.accepts(typed, "{\"a\":38.5,\"k\":2}")).isTrue();
        assertThat(Walks.accepts(typed, "{\"a\":38.5,\"k\":1}")).isFalse();
        assertThat(Walks.accepts(typed, "{\"a\":38.0,\"k\":1}")).isFalse();
        assertThat(
                        Walks.accepts(
                                grammar(schema, GrammarOptions.defaults()), "{\"a\":38.0,\"k\":1}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'integer'}",
                "{'type':'integer','minimum':-12000,'exclusiveMaximum':9e25}",
                "{'type':'integer','multipleOf':86400}",
                "{'type':'number','multipleOf':12}",
                "{'enum':[1,12,100,1000000000000]}",
                "{'type':'number','anyOf':[{'type':'integer','maximum':-1},{'multipleOf':12,"
                        + "'minimum':100}]}",
                "{'type':'number','oneOf':[{'type':'integer','maximum':12},{'multipleOf':1,"
                        + "'minimum':5}]}",
                "{'type':'integer','not':{'const':12}}",
                "{'if':{'maximum':0},'then':{'type':'integer'},'else':{'multipleOf':2},'type':'number'}",
                "{'type':'object','minProperties':1,'maxProperties':2,'additionalProperties':"
                        + "{'type':'integer'},'propertyNames':{'enum':['a','b']},"
                        + "'anyOf':[{'required':['a'],'properties':{'b':{'maximum':3}}},"
                        + "{'properties':{'a':{'minimum':5}},'required':['b']}]}"
            })
    void everyIntegerOfAWalkIsReadAsOne(String items) throws Exception {
        String schema =
                "{'type':'array','minItems':1,'maxItems':3,'items':%s}"
                        .formatted(items)
                        .replace('\'', '"');
        Schema oracle =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonMapper.shared().readTree(schema));
        Grammar grammar = Walks.schema(schema, TYPED);
        Random random = new Random(31);
        int numbers = 0;
        for (int i = 0; i < WALKS; i++) {
            String answer = walk(grammar, random);
            List<String> found =
                    NUMBER.matcher(answer.replaceAll("\"[^\"]*\"", ""))
                            .results()
                            .map(MatchResult::group)
                            .toList();
            for (String number : found) {
                assertThat(new BigInteger(number)).as(answer).isNotNull();
                numbers++;
            }
            if (!answer.isEmpty()) {
                assertThat(oracle.validate(JsonMapper.shared().readTree(answer)))
                        .as(answer)
                        .isEmpty();
            }
        }
        assertThat(numbers).isGreaterThan(WALKS / 2);
    }

    /** An answer; empty if it became too long. */
    private static String walk(Grammar grammar, Random random) throws GrammarException {
        int end = Walks.WORDS.size() - 1;
        TokenMatcher matcher = grammar.matcher(Walks.WORDS);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            List<Integer> allowed = Walks.mask(matcher, Walks.WORDS);
            assertThat(allowed).as(answer.toString(StandardCharsets.UTF_8)).isNotEmpty();
            if (random.nextInt(COMPARED) == 0) {
                assertThat(allowed).isEqualTo(Walks.oneByOne(matcher, Walks.WORDS));
            }
            if (allowed.contains(end)) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            matcher.accept(token);
            answer.writeBytes(Walks.WORDS.bytes(token));
        }
        return "";
    }
}
