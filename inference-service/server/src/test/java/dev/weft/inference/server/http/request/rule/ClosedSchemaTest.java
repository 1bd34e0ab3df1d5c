package dev.weft.inference.server.http.request.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.inference.server.constraint.AnswerForm;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClosedSchemaTest {
    private static final String X =
            "{'type':'object','properties':{'x':{'const':1}},'required':['x']}";
    private static final TokenVocabulary BYTES = bytes();

    private static TokenVocabulary bytes() {
        byte[][] all = new byte[257][];
        for (int b = 0; b < 256; b++) {
            all[b] = new byte[] {(byte) b};
        }
        all[256] = new byte[0];
        return TokenVocabulary.of(all, Set.of(256));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace("X", X).replace('\'', '"'));
    }

    private static boolean allows(AnswerForm form, String answer) throws GrammarException {
        TokenMatcher matcher = Grammar.of(form.rule(), GrammarOptions.defaults()).matcher(BYTES);
        for (byte b : answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.allows(b & 0xFF)) {
                return false;
            }
            matcher.accept(b & 0xFF);
        }
        return matcher.mayEnd();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$defs':{'a':X},'type':'object','not':{'$ref':'#/$defs/a'}}|{'x':1,'y':2}|{'y':2}",
                "{'$defs':{'a':X},'type':'object','if':{'$ref':'#/$defs/a'},'then':{'required':['z']}}"
                    + "|{'x':1,'y':2}|{'x':1,'z':2}",
                "{'$defs':{'a':X},'type':'object','if':{'not':{'$ref':'#/$defs/a'}},"
                    + "'then':{'required':['z']},'else':{'required':['w']}}|{'x':1,'z':2}|{'x':1,'w':2,'z':3}",
                "{'type':'array','contains':X,'maxContains':1}|[{'x':1},{'x':1,'y':2}]|[{'x':1}]",
                "{'oneOf':[X,{'type':'object','properties':{'x':{},'y':{}},'required':['y']}]}"
                        + "|{'x':1,'y':2}|{'x':1}",
                "{'type':'object','properties':{'x':{}},'not':{'required':['q']}}|{'z':1}|{'x':1}",
            })
    void nothingThatTheSchemaForbidsIsAnAnswer(String schema, String forbidden, String allowed)
            throws Exception {
        AnswerForm form = ClosedSchema.form(json(schema));
        assertThat(allows(form, forbidden)).isFalse();
        assertThat(allows(form, allowed)).isTrue();
    }

    @Test
    void aCopyAloneDoesWhereClosingOnlyForbids() {
        JsonNode plain =
                json("{'allOf':[X,{'$ref':'#/$defs/a'}],'$defs':{'a':{'items':X}},'contains':{}}");
        assertThat(ClosedSchema.form(plain)).isInstanceOf(AnswerForm.Schema.class);
        JsonNode unlisted = json("{'not':{'required':['q']}}");
        assertThat(ClosedSchema.form(unlisted)).isEqualTo(new AnswerForm.Schema(unlisted));
        AnswerForm both = ClosedSchema.form(json("{'properties':{'a':X},'not':X}"));
        assertThat(both).isInstanceOf(AnswerForm.Closed.class);
        assertThat(both.text())
                .isNotEqualTo(ClosedSchema.form(json("{'properties':{'a':X},'not':{}}")).text());
    }
}
