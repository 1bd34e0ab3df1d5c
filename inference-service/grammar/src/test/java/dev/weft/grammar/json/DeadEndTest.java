package dev.weft.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No comma, key or bracket is allowed behind which nothing valid can follow. */
class DeadEndTest {
    private static final int WALKS = 60;
    private static final int MOST_TOKENS = 200;

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'array','items':{'enum':['a','b','c']},'uniqueItems':true}",
                "{'type':'array','items':{'type':'boolean'},'uniqueItems':true}",
                "{'type':'array','items':{'enum':[1,2,3]},'uniqueItems':true,'minItems':3}",
                "{'type':'object','properties':{'tags':{'type':'array','items':{'enum':['a','b']},'uniqueItems':true}},'required':['tags'],'additionalProperties':false}",
                "{'anyOf':[{'type':'null'},{'type':'array','minItems':1,'allOf':[{'items':{'type':'null'}},{'items':{'type':'boolean'}}]}]}",
                "{'type':'object','propertyNames':{'enum':['a','b']},'allOf':[{'properties':{'a':{'type':'null'}}},{'properties':{'a':{'type':'boolean'}}}]}",
                "{'type':'object','properties':{'a':{'const':true},'b':{'const':true}},'additionalProperties':false,'oneOf':[{'required':['a']},{'required':['b']}]}",
                "{'type':'object','properties':{'a':{'const':true},'b':{'const':true},'c':{'const':true}},'additionalProperties':false,'not':{'required':['a','b']}}",
                "{'type':'object','properties':{'a':{'const':true},'b':{'const':true}},'additionalProperties':false,'if':{'required':['a']},'then':{'not':{'required':['b']}}}",
                "{'type':'object','properties':{'a':{'const':true},'b':{'const':true}},'additionalProperties':false,'dependentSchemas':{'a':{'not':{'required':['b']}}}}",
                "{'type':'object','properties':{'a':{'const':true},'b':{'const':true},'c':{'const':true}},'additionalProperties':false,'oneOf':[{'required':['a','b']},{'required':['c']}]}",
                "{'type':'object','properties':{'a':{'enum':[true,null]},'b':{'const':true}},'additionalProperties':false,'not':{'properties':{'a':{'const':null}},'required':['a','b']}}",
                "{'anyOf':[{'type':'null'},{'type':'array','items':{'type':'null'},'contains':{'type':'boolean'}}]}"
            })
    void isNeverWalkedInto(String schema) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        Random random = new Random(5);
        int finished = 0;
        for (int i = 0; i < WALKS; i++) {
            finished += walk(grammar, random) ? 1 : 0;
        }
        assertThat(finished).isGreaterThan(WALKS / 2);
    }

    /** Whether a walk has come to an end; it does not if it becomes too long. */
    private static boolean walk(Grammar grammar, Random random) throws GrammarException {
        int end = Walks.WORDS.size() - 1;
        TokenMatcher matcher = grammar.matcher(Walks.WORDS);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            List<Integer> allowed = Walks.mask(matcher, Walks.WORDS);
            assertThat(allowed).as(answer.toString(StandardCharsets.UTF_8)).isNotEmpty();
            if (allowed.contains(end)) {
                return true;
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            matcher.accept(token);
            answer.writeBytes(Walks.WORDS.bytes(token));
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]} | {'a':true,'b'",
                "{'type':'object','not':{'required':['b']}} | {'b'",
                "{'type':'object','not':{'required':['a','b']}} | {'b':1,'c':2,'a'",
                "{'type':'object','not':{'properties':{'kind':{'const':1}},'required':['kind']}} |"
                        + " {'kind':1,"
            })
    void isNotEnteredByAKeyThatBreaksWhatMustNotHold(String schema, String text) throws Exception {
        Grammar grammar = Walks.schema(json(schema));
        String allowed = json(text);
        assertThat(Walks.allows(grammar, allowed)).isFalse();
        assertThat(Walks.allows(grammar, allowed.substring(0, allowed.length() - 2))).isTrue();
    }

    @Test
    void otherOrdersOfWhatMayHoldStayOpen() throws Exception {
        Grammar grammar =
                Walks.schema(
                        json(
                                "{'type':'object','oneOf':[{'required':['a','b']},{'required':['a','c']}]}"));
        assertThat(Walks.accepts(grammar, json("{'b':1,'x':2,'a':3}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'c':1,'a':3,'d':null}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'a':1,'b':3,'c':null}"))).isFalse();
        assertThat(Walks.accepts(grammar, json("{'a':1}"))).isFalse();
    }

    @Test
    void keysThatAreRequiredDecideNothingByThemselvesIfTheirValuesDo() throws Exception {
        Grammar grammar =
                Walks.schema(
                        json(
                                "{'type':'object','required':['type'],'oneOf':[{'properties':{'type':{'const':1}}},"
                                    + "{'properties':{'type':{'const':2}}}]}"));
        assertThat(Walks.accepts(grammar, json("{'type':1}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'x':0,'type':2,'y':0}"))).isTrue();
        assertThat(Walks.accepts(grammar, json("{'type':3}"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'array','minItems':1,'allOf':[{'items':{'type':'string'}},{'items':{'type':'integer'}}]}",
                "{'const':[1],'items':{'type':'string'}}",
                "{'type':'array','items':{'type':'string'},'contains':{'type':'integer'}}",
                "{'type':'object','allOf':[{'required':['a']},{'not':{'required':['a']}}]}"
            })
    void isRefusedIfItIsAllThereIs(String schema) {
        assertThatThrownBy(() -> Walks.schema(json(schema))).isInstanceOf(GrammarException.class);
    }
}
