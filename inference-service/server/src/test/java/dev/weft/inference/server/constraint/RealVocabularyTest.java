package dev.weft.inference.server.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TextRule;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.inference.server.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Masks over the sample's vocabulary, which was learned from text, against each token by itself.
 */
class RealVocabularyTest {
    private static final Path BASE = Path.of("..", "..", "samples", "weft-tiny", "base");
    private static final int STATES = 1_000;
    private static final int LONGEST_WALK = 40;

    private static final List<String> SCHEMAS =
            List.of(
                    "{}",
                    "{'type':'object','properties':{'name':{'type':'string','maxLength':9},"
                            + "'age':{'type':'integer','minimum':3,'maximum':120}},"
                            + "'required':['age'],'additionalProperties':false}",
                    "{'type':'array','items':{'enum':['the','then',' the','th',7]},"
                            + "'uniqueItems':true,'minItems':3}",
                    "{'type':'string','pattern':'^(un|re)?[a-z]{3,9}(ing|ed) .*\\\\.$'}",
                    "{'type':'number','multipleOf':0.25,'exclusiveMinimum':-3}",
                    "{'type':'object','patternProperties':{'^x-':{'format':'date-time'}},"
                        + "'additionalProperties':{'type':['null','boolean']},'minProperties':1}",
                    "{'anyOf':[{'type':'object','properties':{'kind':{'const':'on'}},"
                            + "'required':['kind']},{'type':'string','not':{'const':'one'}}]}",
                    "{'type':'array','items':{'$ref':'#'},'maxItems':3}");

    private static Grammar schema(String text) throws GrammarException {
        return Grammar.jsonSchema(json(text), GrammarOptions.defaults());
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static List<Grammar> grammars() throws GrammarException {
        List<Grammar> all = new ArrayList<>();
        for (String text : SCHEMAS) {
            all.add(schema(text));
        }
        GrammarOptions options = GrammarOptions.defaults();
        all.add(Grammar.regex("([A-Z][a-z]+ ){2}is (here|there|\\d{1,4} days old)", options));
        all.add(Grammar.text("root ::= \"(\" (root | [a-z ]+)* \")\"", options));
        Tool tool = new Tool("look_up", json("{'properties':{'of':{'enum':['a','b c']}}}"), false);
        ReplyRule.Calls calls =
                new ReplyRule.Calls(CallSyntaxes.HERMES, List.of(tool), false, true);
        Thought thought = new Thought("<think>", "</think>", false);
        all.add(Grammar.reply(new ReplyRule(calls, thought), null, options));
        all.add(
                Grammar.reply(
                        new ReplyRule(calls, thought, ReplyRule.Text.FORMED),
                        new TextRule.Schema(json("{'type':'object'}")),
                        options));
        return all;
    }

    @Test
    void everyMaskIsWhatSingleTokensSay() throws Exception {
        Random random = new Random(5);
        int states = 0;
        try (Tokenizer tokenizer = Tokenizer.open(BASE)) {
            TokenVocabulary vocabulary = new BaseVocabulary(tokenizer, tokenizer.size()).get();
            List<Grammar> grammars = grammars();
            for (int walk = 0; states < STATES; walk++) {
                TokenMatcher matcher = grammars.get(walk % grammars.size()).matcher(vocabulary);
                for (int i = 0; i < LONGEST_WALK && states < STATES; i++) {
                    List<Integer> allowed = masked(matcher, vocabulary);
                    assertThat(allowed).isEqualTo(tested(matcher, vocabulary));
                    states++;
                    if (allowed.isEmpty()) {
                        break;
                    }
                    matcher.accept(allowed.get(random.nextInt(allowed.size())));
                }
            }
        }
    }

    private static List<Integer> masked(TokenMatcher matcher, TokenVocabulary vocabulary)
            throws GrammarException {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        matcher.mask(bits, Long.MAX_VALUE);
        List<Integer> tokens = new ArrayList<>();
        for (int token = 0; token < vocabulary.size(); token++) {
            if ((bits[token >> 6] >>> token & 1) != 0) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static List<Integer> tested(TokenMatcher matcher, TokenVocabulary vocabulary)
            throws GrammarException {
        List<Integer> tokens = new ArrayList<>();
        for (int token = 0; token < vocabulary.size(); token++) {
            if (matcher.allows(token)) {
                tokens.add(token);
            }
        }
        return tokens;
    }
}
