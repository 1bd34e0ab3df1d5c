package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What the schema of a tool says of its arguments as a whole, in whichever format they are. */
final class ArgumentsSchemaTest {
    private static final List<String> FORMATS =
            List.of("hermes", "llama3_json", "qwen3_coder", "pythonic");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'array','items':{'type':'string'}}||INVALID|no object is valid",
                "{'type':['string','null'],'properties':{'a':{'type':'string'}}}||INVALID|no object"
                        + " is valid",
                "{'type':'strng','properties':{'a':{}}}|/type|INVALID|strng",
                "{'type':'object','properties':['city']}|/properties|INVALID|is an object",
                "{'type':'object','required':'city'}|/required|INVALID|an array of keys",
                "{'type':'object','required':[1]}|/required|INVALID|names keys by strings",
                "{'type':'object','properties':{'a':{'type':'strng'}}}|/properties/a/type|INVALID|strng",
                "{'$schema':'http://json-schema.org/draft-03/schema#','extends':{'required':['x']},"
                        + "'properties':{'x':{}}}|/extends|UNSUPPORTED|extends is not served",
                "{'$schema':'http://json-schema.org/draft-03/schema#','disallow':'object',"
                        + "'properties':{'x':{}}}|/disallow|UNSUPPORTED|disallow is not served",
            })
    void aSchemaThatIsWrongAsAWholeIsRefusedInEachFormat(
            String schema, String pointer, GrammarException.Kind kind, String words) {
        for (String format : FORMATS) {
            assertThatThrownBy(() -> grammar(format, schema))
                    .as(format)
                    .isInstanceOfSatisfying(
                            GrammarException.class,
                            e -> {
                                assertThat(e.pointer()).isEqualTo(pointer == null ? "" : pointer);
                                assertThat(e.kind()).isEqualTo(kind);
                            })
                    .hasMessageContaining(words);
        }
    }

    @Test
    void aSchemaThatAlsoAllowsObjectsIsServedInEachFormat() throws Exception {
        for (String schema :
                List.of(
                        "{}",
                        "{'type':['object','null'],'properties':{'a':{'type':'string'}}}",
                        "{'required':null,'minItems':3,'properties':{'a':false,'b':{'type':'integer'}}}",
                        "{'properties':{'a':{'$ref':'#/properties/b'},"
                                + "'b':{'type':'array','items':{'$ref':'#/properties/b'}}}}")) {
            for (String format : FORMATS) {
                assertThat(grammar(format, schema)).as(format + schema).isNotNull();
            }
        }
    }

    private static Grammar grammar(String format, String schema) throws GrammarException {
        Tool tool = new Tool("f", JsonMapper.shared().readTree(schema.replace('\'', '"')), false);
        ReplyRule rule =
                new ReplyRule(
                        new ReplyRule.Calls(
                                CallSyntaxes.named(format).orElseThrow(),
                                List.of(tool),
                                true,
                                true),
                        null);
        return Grammar.reply(rule, null, GrammarOptions.defaults());
    }
}
