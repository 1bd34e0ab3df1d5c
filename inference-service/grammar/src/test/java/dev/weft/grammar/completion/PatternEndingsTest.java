package dev.weft.grammar.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that have to end in time, in objects whose keys patterns tell apart. */
final class PatternEndingsTest {
    private static final String LONG_OR_NULL =
            "{'type':'object','patternProperties':{'^x':{'const':'long enough'}},"
                    + "'additionalProperties':{'type':'null'}}";

    private static final int ROUNDS = 30;

    /** Tokens beyond those of the shortest answer. */
    private static final int MOST_SPARE = 16;

    @ParameterizedTest
    @ValueSource(
            strings = {
                LONG_OR_NULL,
                "{'type':'object','patternProperties':{'x':{'const':'long enough'},'^a.?$':"
                        + "{'type':'array','minItems':5}},'additionalProperties':{'type':'null'}}",
                "{'patternProperties':{'^\\\\d':{'type':'array'}},'type':'object'}",
                "{'type':'object','if':{'patternProperties':{'^x':{'type':'null'}}},"
                        + "'else':{'required':['a long name']}}",
                "{'type':'object','properties':{'name':{'type':'null'}},'required':['name'],'anyOf':[{'patternProperties':{'^[a-f]':{'const':'quite"
                    + " long'}}},"
                    + "{'patternProperties':{'[1-5]$':{'minLength':9,'type':'string'}}}]}",
                "{'type':'object','propertyNames':{'pattern':'^(a|bb)*$'},'patternProperties':"
                        + "{'b':{'const':[1,2,3]}},'additionalProperties':{'type':'boolean'}}",
                "{'type':'array','uniqueItems':true,'minItems':2,'items':" + LONG_OR_NULL + "}"
            })
    void whatAMaskHasIsAlwaysAccepted(String schema) throws Exception {
        Random random = new Random(3);
        Grammar grammar = Walks.schema(schema.replace('\'', '"'));
        int least = grammar.matcher(Walks.WORDS).endWithin(Integer.MAX_VALUE, Set.of());
        for (int i = 0; i < ROUNDS; i++) {
            String answer = answer(grammar, random, least + random.nextInt(MOST_SPARE));
            assertThat(Walks.accepts(grammar, answer)).as(answer).isTrue();
        }
    }

    private static String answer(Grammar grammar, Random random, int most) throws Exception {
        TokenVocabulary tokens = Walks.WORDS;
        TokenMatcher matcher = grammar.matcher(tokens);
        assertThat(matcher.endWithin(most, Set.of())).isLessThanOrEqualTo(most);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < most; i++) {
            List<Integer> allowed = Walks.mask(matcher, tokens);
            String text = answer.toString(StandardCharsets.UTF_8);
            assertThat(allowed).as(text).isNotEmpty();
            int token = allowed.get(random.nextInt(allowed.size()));
            assertThat(matcher.allows(token)).as(text + " and token " + token).isTrue();
            matcher.accept(token);
            if (token == tokens.size() - 1) {
                return text;
            }
            answer.writeBytes(tokens.bytes(token));
        }
        throw new AssertionError("no end within " + most + " tokens: " + answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 18})
    void masksDontDependOnOtherAnswers(int most) throws Exception {
        Grammar grammar = Walks.schema(LONG_OR_NULL.replace('\'', '"'));
        List<Integer> fresh = behindQuote(grammar, most);
        TokenMatcher other = grammar.matcher(Walks.BYTES);
        other.endWithin(40, Set.of());
        for (char c : "{\"x".toCharArray()) {
            other.accept(c);
        }
        assertThat(behindQuote(grammar, most)).isEqualTo(fresh).contains((int) 'y');
    }

    private static List<Integer> behindQuote(Grammar grammar, int most) throws Exception {
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        matcher.endWithin(most, Set.of());
        matcher.accept('{');
        matcher.accept('"');
        return Walks.mask(matcher, Walks.BYTES);
    }
}
