package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaKeywordTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'}                            | 'a\\u00e9\\n'      | 1",
                "{'type':['integer','null']}                  | 2.0                | 2.5",
                "{'type':'integer'}                           | 1e5                | 1e-5",
                "{'type':'number'}                            | -0.5e+10           | 01",
                "{'minimum':-2.5,'maximum':10}                | -2.50              | -2.51",
                "{'minimum':-2.5,'maximum':10}                | 9.99               | 10.01",
                "{'exclusiveMinimum':0}                       | 0.001              | 0.0",
                "{'exclusiveMaximum':1}                       | 1e-05              | 1",
                "{'multipleOf':0.25}                          | 1.75               | 1.3",
                "{'multipleOf':7}                             | -21                | 22",
                "{'minLength':2,'maxLength':3}                | '\\ud83d\\ude00é'  | 'a'",
                "{'pattern':'^a+$'}                           | 'aa'               | 'ab'",
                "{'pattern':'b'}                              | 'abc'              | 'ac'",
                "{'pattern':'^((?!no).)*$'}                   | 'yes'              | 'a no'",
                "{'enum':['a',1,null,{'b':[1]}]}              | {'b':[1.0]}        | {'b':[2]}",
                "{'const':1}                                  | 1.0                | 10e-1",
                "{'not':{'const':'a'}}                        | 'b'                | '\\u0061'",
                "{'not':{'type':'object'}}                    | []                 | {}",
                "{'enum':['\\ud800','a']}                     | 'a'                | '?'",
                "{'not':{'const':'\\udc00'}}                  | '?'                | '\\udc00'",
                "{'enum':[{'\\ud800':1},['\\ud800'],2]}       | 2                  | {'?':1}",
                "{'enum':[{'\\ud800':1},['\\ud800'],2]}       | 2                  | ['?']",
                "{'required':['\\ud800']}                     | 1                  | {'?':1}",
                "{'properties':{'\\ud800':{'type':'null'}},'additionalProperties':{'type':'integer'}}"
                    + " | {'?':1} | {'?':null}",
                "{'propertyNames':{'enum':['\\ud800','a']}}   | {'a':1}            | {'?':1}",
                "{'dependentRequired':{'\\ud800':['a']}}      | {'?':1}            | {'\\ud800':1}",
                "{'dependentRequired':{'a':['\\ud800']}}      | {'b':1}            | {'a':1,'?':1}",
                "{'exclusiveMinimum':0}                       | 1e-300             | 1e-999",
                "{'type':'integer'}                           | 1e300              | 1e400",
                "{'properties':{'default':{'$id':'http://x/y','$ref':'#/$defs/q','$defs':{'q':{'type':'null'}}}}}"
                    + " | {'default':null} | {'default':1}",
                "{'properties':{'enum':{'$anchor':'e','type':'null'},'const':{'$ref':'#e'}}} |"
                        + " {'const':null} | {'const':1}",
                "{'$defs':{'example':{'$anchor':'e','type':'null'}},'items':{'$ref':'#e'}} |"
                        + " [null] | [1]",
                "{'oneOf':[{'minimum':2},{'maximum':4}]}      | 5                  | 3",
                "{'anyOf':[{'type':'string'},{'minimum':3}]}  | 3                  | 2",
                "{'allOf':[{'pattern':'a'},{'pattern':'b'}]}  | 'xba'              | 'xb'",
                "{'required':['a','b']}                       | {'b':1,'a':2}      | {'a':1}",
                "{'properties':{'a':{'type':'null'}}}         | {'c':1,'a':null}   | {'a':1}",
                "{'type':'object'}                            | {'a':1,'b':1}      |"
                        + " {'a':1,'\\u0061':2}",
                "{'additionalProperties':false}               | {}                 | {'a':1}",
                "{'patternProperties':{'^x':{'type':'null'}}} | {'x':null,'y':1}   | {'xy':1}",
                "{'propertyNames':{'maxLength':2}}            | {'ab':1}           | {'abc':1}",
                "{'minProperties':1,'maxProperties':2}        | {'a':1}            |"
                        + " {'a':1,'b':1,'c':1}",
                "{'dependentRequired':{'a':['b']}}            | {'b':1,'a':1}      | {'a':1}",
                "{'dependentSchemas':{'a':{'maxProperties':1}}} | {'a':1}          | {'b':1,'a':1}",
                "{'dependencies':{'a':['b']}}                 | {'c':1}            | {'a':1}",
                "{'if':{'required':['a']},'then':{'required':['b']},'else':{'required':['c']}} |"
                        + " {'b':1,'a':1} | {'b':1}",
                "{'items':{'type':'null'}}                    | [null, null]       | [1]",
                "{'prefixItems':[{'const':1}],'items':false}  | [1]                | [1,2]",
                "{'minItems':1,'maxItems':2}                  | [1]                | [1,2,3]",
                "{'contains':{'const':1},'maxContains':2}     | [1,3,1]            | [1,1,1]",
                "{'contains':{'const':1},'minContains':2}     | [1,0,1]            | [1]",
                "{'uniqueItems':true}                         | [1,'1',[1],{'a':1}] | [1,1.0]",
                "{'uniqueItems':true}                         | [{'a':1},{'a':2}]  |"
                        + " [{'a':1,'b':2},{'b':2,'a':1}]",
                "{'properties':{'a':{'$ref':'#'}},'additionalProperties':false} | {'a':{'a':{}}} |"
                        + " {'a':{'b':{}}}",
                "{'$defs':{'n':{'$anchor':'n','type':'null'}},'items':{'$ref':'#n'}} | [null] |"
                        + " [1]",
                "{'allOf':[{'properties':{'a':true}}],'unevaluatedProperties':false} | {'a':1} |"
                        + " {'b':1}",
                "{'anyOf':[{'properties':{'a':{'const':1}}},{'properties':{'b':true},'required':['b']}],'unevaluatedProperties':false}"
                    + " | {'b':1} | {'c':1}",
                "{'prefixItems':[true],'unevaluatedItems':{'type':'null'}} | [1,null] | [1,2]",
                "{'type':'array','dependentSchemas':{'k':{'items':{'type':'integer'}}},'unevaluatedItems':false}"
                    + " | [] | [1]",
                "{'not':{'dependentSchemas':{'k':{'items':{'type':'integer'}}},'unevaluatedItems':false}}"
                    + " | [1] | []",
                "{'dependentSchemas':{'k':{'properties':{'a':true}}},'properties':{'k':true},'unevaluatedProperties':false}"
                    + " | {'k':1,'a':2} | {'a':2}",
                "{'$schema':'http://json-schema.org/draft-03/schema#','minimum':1,'exclusiveMinimum':true}"
                    + " | 1.5 | 1",
                "{'$schema':'http://json-schema.org/draft-04/schema#','minimum':1,'exclusiveMinimum':true}"
                    + " | 1.5 | 1",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':[{'const':1}],'additionalItems':false}"
                    + " | [1] | [1,2]",
                "{'$ref':'#/$defs/n','$defs':{'n':{'oneOf':[{'properties':{'c':{'items':{'$ref':'#/$defs/n','unevaluatedProperties':false}}}}]}}}"
                    + " | {'d':1,'c':[{'c':[]}]} | {'c':[{'d':1}]}",
                "{'$schema':'https://json-schema.org/draft/2019-09/schema','type':'array','prefixItems':[true],'unevaluatedItems':false}"
                    + " | [] | [1]",
                "{'$schema':'http://json-schema.org/draft-04/schema#','items':{'const':1},'uniqueItems':true,'minItems':2}"
                    + " | [1,2] | [1,1]",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':{'$ref':'#/definitions/a','enum':[1]},'uniqueItems':true,'minItems':2,'definitions':{'a':{'minimum':1}}}"
                    + " | [1,2] | [0,1]",
                "{'properties':{'a':true,'b':true,'c':false},'additionalProperties':false,'minProperties':2}"
                    + " | {'b':1,'a':2} | {'a':1}",
                "{'required':['a','b'],'maxProperties':2}     | {'b':1,'a':2}      | {'a':1,'c':2}",
                "{'format':'date'}                            | '2024-02-29'       | '2023-02-29'",
                "{'format':'date-time'}                       | '2020-01-01T00:00:00Z' |"
                        + " '2020-01-01'",
                "{'format':'ipv6'}                            | '::ffff:1.2.3.4'   | '1::2::3'",
                "{'format':'email'}                           | 'a.b@c.de'         | 'a@'",
                "{'format':'uri'}                             | 'http://a/b?c#d'   | 'a b'",
                "{'format':'uuid'}                            |"
                        + " '123e4567-e89b-12d3-a456-426614174000' | '123e4567'",
                "{'format':'regex'}                           | '^(ab)*[c-]$'     | '['",
                "{'required':null,'uniqueItems':null,'type':'array'} | [1,1] | {}",
                "{'required':false,'type':'object'}           | {}                 | []",
                "{'format':'unheard-of'}                      | 'anything'         | [",
            })
    void allowsWhatIsValidAndNothingElse(String schema, String valid, String invalid)
            throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        assertThat(Walks.accepts(grammar, json(valid))).as(valid).isTrue();
        assertThat(Walks.accepts(grammar, json(invalid))).as(invalid).isFalse();
    }

    private static String json(String text) {
        return text.strip().replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'properties':{'a':{'$ref':'http://elsewhere/x'}}} | UNSUPPORTED | $ref |"
                        + " /properties/a/$ref",
                "{'$ref':'#/$defs/none'}       | UNSUPPORTED | $ref     | /$ref",
                "{'items':{'pattern':'(a)\\\\1'}} | UNSUPPORTED | pattern | /items/pattern",
                "{'pattern':'('}               | INVALID     | pattern  | /pattern",
                "{'type':'strin'}              | INVALID     | type     | /type",
                "{'minLength':-1}              | INVALID     | minLength | /minLength",
                "{'required':true} | INVALID | required | /required",
                "{'properties':{'a':{'required':true}}} | INVALID | required |"
                        + " /properties/a/required",
                "{'required':'a'} | INVALID | required | /required",
                "{'uniqueItems':'yes'} | INVALID | uniqueItems | /uniqueItems",
                "{'minItems':'1'} | INVALID | minItems | /minItems",
                "{'maximum':'5'} | INVALID | maximum | /maximum",
                "{'exclusiveMinimum':'5'} | INVALID | exclusiveMinimum | /exclusiveMinimum",
                "{'multipleOf':'5'} | INVALID | multipleOf | /multipleOf",
                "{'enum':'a'} | INVALID | enum | /enum",
                "{'pattern':5} | INVALID | pattern | /pattern",
                "{'properties':[]} | INVALID | properties | /properties",
                "{'dependentRequired':{'a':true}} | INVALID | dependentRequired |"
                        + " /dependentRequired",
                "{'anyOf':{}} | INVALID | anyOf | /anyOf",
                "{'allOf':true} | INVALID | allOf | /allOf",
                "{'contains':true,'minContains':'1'} | INVALID | minContains | /minContains",
                "{'$schema':'http://json-schema.org/draft-03/schema#','properties':{'a':{'divisibleBy':2}}}"
                    + " | UNSUPPORTED | divisibleBy | /properties/a/divisibleBy",
                "{'$schema':'http://json-schema.org/draft-03/schema#','disallow':'string'}"
                        + " | UNSUPPORTED | disallow | /disallow",
                "{'$schema':'http://json-schema.org/draft-03/schema#','items':{'extends':{'type':'string'}}}"
                    + " | UNSUPPORTED | extends | /items/extends",
                "{'$schema':'http://json-schema.org/draft-03/schema#','properties':{'a':{'required':true}}}"
                    + " | INVALID | required | /properties/a/required",
                "{'$ref':'#'}                  | INVALID     | $ref     | /$ref",
                "{'default':{'$anchor':'a'},'$ref':'#a'} | UNSUPPORTED | $ref  | /$ref",
                "{'anyOf':[{'$ref':'#'}]}      | INVALID     | $ref     | /$ref",
                "{'default':null,'properties':{'a/b':null}} | INVALID | properties |"
                        + " /properties/a~1b",
                "{'minimum':5,'properties':{'a':5}} | INVALID | properties | /properties/a",
                "{'prefixItems':[{'const':null},null]} | INVALID | prefixItems | /prefixItems/1",
                "{'$schema':'http://json-schema.org/draft-07/schema#','items':[{'const':1},1]}"
                        + " | INVALID | items | /items/1",
                "{'default':1,'patternProperties':{'^a':1}} | INVALID | patternProperties |"
                        + " /patternProperties/^a",
                "{'default':1,'dependentSchemas':{'a':1}} | INVALID | dependentSchemas |"
                        + " /dependentSchemas/a",
                "{'default':1,'anyOf':[true,1]} | INVALID | anyOf | /anyOf/1",
                "{'default':1,'not':1} | INVALID | not | /not",
                "{'default':1,'if':true,'then':1} | INVALID | then | /then",
                "{'default':1,'contains':1} | INVALID | contains | /contains",
                "{'default':1,'additionalProperties':1} | INVALID | additionalProperties |"
                        + " /additionalProperties",
                "{'default':1,'unevaluatedItems':1} | INVALID | unevaluatedItems |"
                        + " /unevaluatedItems",
                "{'default':1,'$ref':'#/x','x':1} | INVALID | $ref | /$ref",
            })
    void refusesByPointerAndKeyword(
            String schema, GrammarException.Kind kind, String keyword, String pointer) {
        assertThatThrownBy(() -> Walks.schema(json(schema)))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(kind);
                            assertThat(e.keyword()).isEqualTo(keyword);
                            assertThat(e.pointer()).isEqualTo(pointer);
                        });
    }

    @Test
    void keepsTheSchemasOrderIfThatIsWanted() throws Exception {
        Grammar grammar =
                Walks.schema(
                        json(
                                "{'properties':{'b':{},'a':{},'c':{}},'required':['a'],"
                                        + "'additionalProperties':false}"),
                        GrammarOptions.defaults().with(GrammarOptions.KeyOrder.DECLARED));
        assertThat(Walks.accepts(grammar, json("{'b':1,'a':1,'c':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'a':1,'c':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'a':1,'b':1}"))).isFalse();
        assertThat(Walks.accepts(grammar, json("{'b':1,'c':1}"))).isFalse();
    }

    @Test
    void eachOfSeveralRulesKeepsItsOwnOrder() throws Exception {
        String form =
                "{'type':'object','properties':{%s},'required':[%s],'additionalProperties':false}";
        String user =
                form.formatted("'kind':{'const':'user'},'name':{'type':'string'}", "'name','kind'");
        String place =
                form.formatted(
                        "'kind':{'const':'place'},'city':{'type':'string'}", "'kind','city'");
        String turned =
                form.formatted("'city':{'type':'string'},'kind':{},'x':{}", "'city','kind','x'");
        Grammar grammar =
                Walks.schema(
                        json("{'anyOf':[" + user + "," + place + "," + turned + "]}"),
                        GrammarOptions.defaults().with(GrammarOptions.KeyOrder.DECLARED));
        assertThat(Walks.accepts(grammar, json("{'kind':'user','name':'a'}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'kind':'place','city':'a'}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'city':'a','kind':'place','x':1}"))).isTrue();
        // no key may come behind which the object can't be closed
        assertThat(Walks.allows(grammar, json("{'name'"))).isFalse();
        assertThat(Walks.allows(grammar, json("{'x'"))).isFalse();
        assertThat(Walks.allows(grammar, json("{'city':'a','kind':'place'}"))).isFalse();
        assertThat(Walks.accepts(grammar, json("{'kind':'user','city':'a'}"))).isFalse();
    }

    @Test
    void ofRulesThatHoldTogetherTheFirstOnesOrderCounts() throws Exception {
        Grammar grammar =
                Walks.schema(
                        json(
                                "{'type':'object','properties':{'a':{},'b':{},'c':{}},"
                                        + "'required':['a','b','c'],'additionalProperties':false,"
                                        + "'enum':[{'c':0,'b':1,'a':2},{'a':4,'c':0,'b':3}]}"),
                        GrammarOptions.defaults().with(GrammarOptions.KeyOrder.DECLARED));
        assertThat(Walks.accepts(grammar, json("{'a':2,'b':1,'c':0}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'a':4,'b':3,'c':0}"))).isTrue();
        assertThat(Walks.allows(grammar, json("{'b'"))).isFalse();
        assertThat(Walks.accepts(grammar, json("{'a':2,'b':3,'c':0}"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a':{'const':1},'c':{},'b':{}", "'c':{},'b':{},'a':{'const':1}"})
    void theOrderOfPropertiesComesBeforeThatOfBranches(String branch) throws Exception {
        String form =
                "'type':'object','properties':{%s},'required':['a','b','c'],"
                        + "'additionalProperties':false";
        String one = "{" + form.formatted(branch) + "}";
        String other = one.replace("'const':1", "'const':2");
        String own = form.formatted("'a':{},'b':{},'c':{}");
        for (String schema :
                List.of(
                        "{'anyOf':[" + one + "," + other + "]," + own + "}",
                        "{" + own + ",'anyOf':[" + one + "]}",
                        "{'$defs':{'one':" + one + "},'$ref':'#/$defs/one'," + own + "}")) {
            Grammar grammar =
                    Walks.schema(
                            json(schema),
                            GrammarOptions.defaults().with(GrammarOptions.KeyOrder.DECLARED));
            assertThat(Walks.accepts(grammar, json("{'a':1,'b':1,'c':1}"))).as(schema).isTrue();
            assertThat(Walks.allows(grammar, json("{'a':1,'c'"))).as(schema).isFalse();
            assertThat(Walks.allows(grammar, json("{'b'"))).as(schema).isFalse();
        }
    }

    @Test
    void ofRulesWithKeysOfTheirOwnTheFirstOnesComeFirst() throws Exception {
        String form = "{'type':'object','properties':{%s},'required':[%s]}";
        Grammar grammar =
                Walks.schema(
                        json(
                                "{'allOf':["
                                        + form.formatted("'b':{},'a':{}", "'b','a'")
                                        + ","
                                        + form.formatted("'d':{},'a':{},'c':{}", "'d','c'")
                                        + "]}"),
                        GrammarOptions.defaults().with(GrammarOptions.KeyOrder.DECLARED));
        assertThat(Walks.accepts(grammar, json("{'b':1,'a':1,'d':1,'c':1}"))).isTrue();
        assertThat(Walks.allows(grammar, json("{'a'"))).isFalse();
        assertThat(Walks.allows(grammar, json("{'b':1,'d'"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\\\b*",
                "\\\\B{2}",
                "(?=a)*",
                "\\\\@",
                "\\\\-",
                "[\\\\@]",
                "*a",
                "a**",
                "(",
                "\\\\a"
            })
    void whatIsNoExpressionIsNoneOfTheFormatRegex(String text) throws Exception {
        Grammar grammar = Walks.schema(json("{'type':'string','format':'regex'}"));
        assertThat(Walks.accepts(grammar, "\"" + text + "\"")).isFalse();
        assertThat(Walks.accepts(grammar, "\"^(?:a|[^b-]\\\\d{2,})+?\\\\/\\\\b$\"")).isTrue();
    }

    @Test
    void propertiesOfCharactersAreThoseOfUnicode() throws Exception {
        Grammar grammar = Walks.schema(json("{'type':'string','pattern':'^\\\\p{Hex_Digit}+$'}"));
        assertThat(Walks.accepts(grammar, "\"0aF\"")).isTrue();
        assertThat(Walks.accepts(grammar, "\"\u0663\"")).isFalse();
        assertThatThrownBy(() -> Walks.schema(json("{'pattern':'\\\\p{Word}'}")))
                .hasMessageContaining("\\p{Word}");
    }

    @Test
    void boundsWhitespace() throws Exception {
        Grammar grammar = Grammar.of(new TextRule.AnyObject(), GrammarOptions.defaults());
        assertThat(Walks.accepts(grammar, "{\n    \"a\": [\n        1\n    ]\n}")).isTrue();
        assertThat(Walks.accepts(grammar, "{" + " ".repeat(100) + "}")).isFalse();
        assertThat(Walks.accepts(grammar, " {}")).isFalse();
        Grammar tight =
                Grammar.of(
                        new TextRule.AnyObject(),
                        GrammarOptions.defaults().with(GrammarOptions.Whitespace.NONE));
        assertThat(Walks.accepts(tight, "{\"a\":[1,2]}")).isTrue();
        assertThat(Walks.accepts(tight, "{\"a\": 1}")).isFalse();
    }

    @Test
    void closesAnObjectOnlyWhereAllOfItsConditionsHold() throws Exception {
        // a key that one part wants and another one forbids
        assertThatThrownBy(() ->
                        Walks.schema(
                                json(
                                        "{'type':'object','allOf':[{'required':['a']},"
                                                + "{'properties':{'b':{}},"
                                                + "'additionalProperties':false}]}")))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("no value is valid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object','properties':{'a':{'type':'array','items':{'enum':[]},'minItems':1}},'required':['a']}|/properties/a/items",
                "{'type':'object','properties':{'a':{'$ref':'#/$defs/x'}},'required':['a'],'$defs':{'x':{'allOf':[{},{'minimum':2,'maximum':1,'type':'number'}]}}}|/$defs/x/allOf/1",
                "{'type':'object','properties':{'a':false,'b':{'type':'string','minLength':3,'maxLength':2}},'required':['b']}|/properties/b",
                "{'type':'object','additionalProperties':false,'properties':{'a':{'type':'object','additionalProperties':false,'properties':{'b':false},'required':['b']}},'required':['a']}|/properties/a",
                "{'type':'object','properties':{'a':{'type':'array','items':{'enum':['x','y']},'uniqueItems':true,'minItems':3}},'required':['a']}|/properties/a",
                "{'type':'object','properties':{'a':{'type':'array','items':{'type':'boolean'},'uniqueItems':true,'minItems':3}},'required':['a']}|/properties/a",
                "{'type':'string','allOf':[{'type':'string','maxLength':2},{'type':'string','minLength':3}]}|",
                "{'$schema':'http://json-schema.org/draft-07/schema#','type':'array','minItems':1,'items':false,'prefixItems':[{'$ref':'#/definitions/a'}],'definitions':{'a':{'type':'string'}}}|",
                "{'$schema':'http://json-schema.org/draft-07/schema#','$ref':'#/definitions/x','required':['a'],'properties':{'a':{'$ref':'#/definitions/y'}},'definitions':{'x':{'enum':[]},'y':{'type':'string'}}}|/definitions/x",
                "{'type':'array','minItems':1,'items':[{'enum':[]}]}|/items/0",
            })
    void namesTheInnermostPartThatNoValueIsValidBy(String schema, String pointer) {
        assertThatThrownBy(() -> Walks.schema(json(schema)))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> assertThat(e.pointer()).isEqualTo(pointer == null ? "" : pointer))
                .hasMessageContaining("no value is valid");
    }
}
