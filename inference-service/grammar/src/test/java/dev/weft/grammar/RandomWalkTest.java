package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Walks at random through masks: they never end in a dead end, and lead to what is valid. */
final class RandomWalkTest {
    private static final int WALKS = 40;
    private static final int MOST_TOKENS = 120;

    /** Every so many states a mask is compared with each token on its own. */
    private static final int COMPARED = 7;

    /** The digits that a number has at most are there. */
    private static final Pattern LONG_NUMBER = Pattern.compile("(?s).*\\D\\d+\\.\\d{39}");

    private static final List<String> SCHEMAS =
            List.of(
                    "{'type':'object','properties':{'name':{'type':'string','maxLength':5},"
                            + "'id':{'type':'integer','minimum':3,'maximum':120}},"
                            + "'required':['id'],'additionalProperties':false}",
                    "{'type':'object','properties':{'a':{'enum':['ab','ba',12]}},"
                            + "'additionalProperties':{'type':'boolean'},'maxProperties':3}",
                    "{'oneOf':[{'type':'object','properties':{'kind':{'const':'a'},'b':{'type':"
                            + "'null'}},'required':['kind','b'],'additionalProperties':false},"
                            + "{'type':'object','properties':{'kind':{'enum':['a','b']},'id':"
                            + "{'multipleOf':4}},'required':['kind','id'],"
                            + "'additionalProperties':false}]}",
                    "{'type':'array','items':{'enum':['a','b',1,2]},'uniqueItems':true,"
                            + "'minItems':2,'maxItems':4}",
                    "{'type':'array','items':{'anyOf':[{'type':'array','maxItems':1},"
                            + "{'type':'string','pattern':'^[ab]+$','maxLength':4}]},'maxItems':3}",
                    "{'type':'object','patternProperties':{'^x-':{'type':'null'}},"
                            + "'properties':{'name':{'format':'date'}},"
                            + "'additionalProperties':false}",
                    "{'type':'object','properties':{'a':{'$ref':'#'},'b':{'not':{'type':"
                            + "['string','object','array','number']}}},"
                            + "'additionalProperties':false}",
                    "{'type':'object','properties':{'name':{'type':'null'},'na':false,'b\\n':"
                            + "{'const':1},'é':{'minimum':2,'maximum':3},'nam':{'type':'array',"
                            + "'maxItems':0}},'additionalProperties':{'type':'boolean'},"
                            + "'maxProperties':2}",
                    "{'type':'object','propertyNames':{'minLength':2,'maxLength':4},"
                            + "'properties':{'id':{'const':1}},'additionalProperties':"
                            + "{'type':'null'},'minProperties':1,'maxProperties':2}",
                    "{'type':'array','items':{'type':'object','properties':{'id':{'enum':[1,2]}},"
                            + "'required':['id'],'maxProperties':1},'uniqueItems':true,"
                            + "'minItems':1,'maxItems':2}",
                    "{'if':{'properties':{'a':{'const':1}},'required':['a']},'then':{'required':"
                        + "['b']},'type':'object','properties':{'a':{'enum':[1,2]},'b':{'const':"
                        + "'é'}},'additionalProperties':false}");

    @Test
    void everyWalkLeadsToWhatIsValidAndEveryMaskIsExact() throws Exception {
        Random random = new Random(21);
        int finished = 0;
        for (String text : SCHEMAS) {
            String schema = text.replace('\'', '"');
            Schema oracle =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(JsonMapper.shared().readTree(schema));
            Grammar grammar = Walks.schema(schema);
            for (int i = 0; i < WALKS; i++) {
                String answer = walk(grammar, random);
                if (answer.isEmpty()) {
                    continue;
                }
                finished++;
                JsonNode value = JsonMapper.shared().readTree(answer);
                assertThat(oracle.validate(value)).as(schema + " and " + answer).isEmpty();
            }
        }
        assertThat(finished).isGreaterThan(SCHEMAS.size() * WALKS / 3);
    }

    /** An answer; empty if it became too long. */
    private static String walk(Grammar grammar, Random random) throws GrammarException {
        TokenVocabulary vocabulary = Walks.WORDS;
        int end = vocabulary.size() - 1;
        TokenMatcher matcher = grammar.matcher(vocabulary);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            List<Integer> allowed = Walks.mask(matcher, vocabulary);
            if (allowed.isEmpty()) {
                // what two rules of one object refuse together is only seen behind the number
                assertThat(answer.toString(StandardCharsets.UTF_8)).matches(LONG_NUMBER);
                return "";
            }
            if (random.nextInt(COMPARED) == 0) {
                assertThat(allowed).isEqualTo(Walks.oneByOne(matcher, vocabulary));
            }
            if (allowed.contains(end)) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            matcher.accept(token);
            answer.writeBytes(vocabulary.bytes(token));
        }
        return "";
    }
}
