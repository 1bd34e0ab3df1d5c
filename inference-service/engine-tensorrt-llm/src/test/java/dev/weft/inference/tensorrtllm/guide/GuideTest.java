package dev.weft.inference.tensorrtllm.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of XGrammar, and what is refused. */
class GuideTest {
    private static String schema(String json) throws GuideException {
        Guide guide = Guide.of(new AnswerGuide.Schema(json.replace('\'', '"')));
        assertThat(guide.type()).isEqualTo("json_schema");
        return guide.text().replace('"', '\'');
    }

    @Test
    void aSchemaIsWrittenAnewWithWhatIsHeldAlone() throws GuideException {
        assertThat(
                        schema(
                                "{'$schema':'x','title':'t','type':'object','required':['b'],'properties':{"
                                    + "'b':{'type':'string','description':'d'},'a':{'type':'array','items':"
                                    + "{'type':['integer','null']},'minItems':1,'maxItems':3}}}"))
                .isEqualTo(
                        "{'type':'object','properties':{'b':{'type':'string'},'a':{'type':'array','items':"
                            + "{'type':['integer','null']},'minItems':1,'maxItems':3}},"
                            + "'required':['b'],'additionalProperties':false}");
    }

    @Test
    void definitionsThatAreReferredToGoWithIt() throws GuideException {
        assertThat(
                        schema(
                                "{'anyOf':[{'$ref':'#/$defs/tree'},{'const':null}],'$defs':{'tree':{'type':"
                                    + "'object','properties':{'kids':{'type':'array','items':{'$ref':"
                                    + "'#/$defs/tree'}},'kind':{'enum':['a','b','a',7,true],'type':"
                                    + "['string','number','boolean']}}},'unused':{'not':{}}}}"))
                .isEqualTo(
                        "{'anyOf':[{'$ref':'#/$defs/tree'},{'const':null}],'$defs':{'tree':{'type':"
                            + "'object','properties':{'kids':{'type':'array','items':{'$ref':"
                            + "'#/$defs/tree'}},'kind':{'enum':['a','b',7,true]}},'required':[],"
                            + "'additionalProperties':false}}}");
    }

    /** Each of these XGrammar leaves out, reads otherwise, or fails by. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | `` | true",
                "`` | type | {}",
                "`` | format | {'type':'string','format':'date'}",
                "`` | pattern | {'type':'string','pattern':'a'}",
                "`` | minLength | {'type':'string','minLength':1}",
                "`` | minimum | {'type':'integer','minimum':1}",
                "`` | multipleOf | {'type':'number','multipleOf':2}",
                "`` | oneOf | {'oneOf':[{'type':'null'}]}",
                "`` | allOf | {'allOf':[{'type':'null'}]}",
                "`` | not | {'not':{},'type':'null'}",
                "`` | if | {'type':'null','if':{}}",
                "`` | type | {'anyOf':[{'type':'null'}],'type':'null'}",
                "`` | type | {'type':['string','object']}",
                "`` | uniqueItems | {'type':'array','items':{'type':'null'},'uniqueItems':true}",
                "`` | contains | {'type':'array','items':{'type':'null'},'contains':{}}",
                "`` | prefixItems | {'type':'array','items':{'type':'null'},'prefixItems':[]}",
                "`` | items | {'type':'array'}",
                "`` | maxItems |"
                        + " {'type':'array','items':{'type':'null'},'minItems':2,'maxItems':1}",
                "`` | minItems | {'type':'array','items':{'type':'null'},'minItems':5000}",
                "/items | `` | {'type':'array','items':false}",
                "`` | properties | {'type':'object'}",
                "`` | additionalProperties |"
                        + " {'type':'object','properties':{},'additionalProperties':true}",
                "`` | patternProperties | {'type':'object','properties':{},'patternProperties':{}}",
                "`` | minProperties | {'type':'object','properties':{},'minProperties':1}",
                "`` | required | {'type':'object','properties':{},'required':['a']}",
                "/properties/a~1b | type | {'type':'object','properties':{'a/b':{}}}",
                "/properties/é | `` | {'type':'object','properties':{'é':{'type':'null'}}}",
                "`` | enum | {'enum':[]}",
                "`` | enum | {'enum':[1.5]}",
                "`` | enum | {'enum':['a'],'type':'integer'}",
                "`` | const | {'const':{}}",
                "`` | minLength | {'const':'a','minLength':1}",
                "`` | $ref | {'$ref':'https://example.org/x'}",
                "`` | $ref | {'$ref':'#/$defs/missing'}",
                "`` | type | {'$ref':'#/$defs/a','type':'null','$defs':{'a':{'type':'null'}}}",
                "/$defs/a | $ref | {'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/a'}}}",
                "/$defs/b/anyOf/1 | $ref |"
                    + " {'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'anyOf':[{'type':'null'},{'$ref':'#/$defs/a'}]}}}",
                "/$defs/a | format |"
                    + " {'type':'array','items':{'$ref':'#/$defs/a'},'$defs':{'a':{'type':'string','format':'date'}}}"
            })
    void aKeywordThatIsNotHeldIsRefusedByPointerAndName(
            String pointer, String keyword, String json) {
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> schema(json))
                .satisfies(e -> {
                    assertThat(e.pointer()).isEqualTo(pointer);
                    assertThat(e.keyword()).isEqualTo(keyword);
                });
    }

    @Test
    void schemasOfAnyDepthAndLengthAreRefusedAtOnce() {
        String deep = "{'type':'array','items':".repeat(400) + "{'type':'null'}" + "}".repeat(400);
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> schema(deep))
                .withMessageContaining("50 deep");
        String longer = "{'const':'" + "x".repeat(70_000) + "'}";
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> schema(longer))
                .withMessageContaining("65536");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "a|b",
                "(a|b)*c?",
                "(?:ab)+",
                "[a-z0-9_]{2,5}",
                "\\d{4}-\\d\\d",
                "[^a-c]",
                "a{3}",
                "a{2,}",
                "[\\]\\-]",
                "\\(\\)\\.\\*",
                "\"x\"/y",
                "[+*.?$]"
            })
    void expressionsOfPlainCharactersAreSentAsTheyAre(String pattern) throws GuideException {
        assertThat(Guide.of(new AnswerGuide.Regex(pattern))).isEqualTo(new Guide("regex", pattern));
    }

    @Test
    void anchorsAroundAWholeExpressionAreLeftOut() throws GuideException {
        assertThat(Guide.of(new AnswerGuide.Regex("^(a|b)$")).text()).isEqualTo("(a|b)");
        assertThat(Guide.of(new AnswerGuide.Regex("a\\$")).text()).isEqualTo("a\\$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a|", "|a", "()", "(a", "a)", "[", "[]", "[^]", "[z-a]", "[a-Z]", "[a-\\d]",
                "[--a]", "a.b", "\\w", "\\s", "\\b", "\\1", "\\p{L}", "\\n", "é", "[é]", "(?=a)",
                "(?!a)", "(?<n>a)", "a*?", "a**", "a{1,2}?", "a{2,1}", "a{5000}", "a{,2}", "*a",
                "a^b", "a$b", "^a|b$", "[\\^a]", "\\", "{"
            })
    void expressionsThatItReadsOtherwiseAreRefused(String pattern) {
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> Guide.of(new AnswerGuide.Regex(pattern)));
    }

    @Test
    void expressionsOfAnyDepthAreRefusedAtOnce() {
        String deep = "(".repeat(2_000) + "a" + ")".repeat(2_000);
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> Guide.of(new AnswerGuide.Regex(deep)))
                .withMessageContaining("50 deep");
    }

    @Test
    void choicesAreTextsOfAGrammar() throws GuideException {
        assertThat(Guide.of(new AnswerGuide.Choice(List.of("a\"b\\", "\né", "\uD83D\uDE00"))))
                .isEqualTo(
                        new Guide(
                                "ebnf_grammar",
                                "root ::= \"a\\\"b\\\\\" | \"\\u000A\\u00E9\" |"
                                        + " \"\\U0001F600\"\n"));
        assertThatExceptionOfType(GuideException.class)
                .isThrownBy(() -> Guide.of(new AnswerGuide.Choice(List.of("x".repeat(40_000)))))
                .withMessageContaining("32768");
    }
}
