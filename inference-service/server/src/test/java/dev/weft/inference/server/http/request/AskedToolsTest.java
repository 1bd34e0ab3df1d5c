package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.inference.server.prompt.CallForm;
import dev.weft.inference.server.prompt.ReplyStyle;
import dev.weft.protocol.error.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Calls behind a text that a reply goes on with. */
class AskedToolsTest {
    private static final AskedTools ONE =
            new AskedTools(
                    List.of(),
                    List.of(new Tool("now", JsonNodeFactory.instance.objectNode(), false)),
                    Map.of(),
                    AskedTools.Choice.AUTO,
                    true);

    private static ReplyStyle style(String name) {
        return style(CallSyntaxes.named(name).orElseThrow(), true);
    }

    private static ReplyStyle style(CallSyntax syntax, boolean several) {
        return new ReplyStyle(syntax, several, null, Set.of(), CallForm.USUAL);
    }

    @Test
    void aModelThatTakesOneCallATurnMakesOne() {
        for (boolean several : new boolean[] {true, false}) {
            assertThat(ONE.callsBehind("", style(CallSyntaxes.HERMES, several)))
                    .extracting(ReplyRule.Calls::several)
                    .isEqualTo(several);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hermes|I look. <tool_call>",
                "mistral|[TOOL_CALLS][{",
                "llama3_json|{\"name\": \"now\", \"parameters\": {",
                "pythonic|[now(",
            })
    void aTextInWhichACallBeginsIsRefused(String format, String begun) {
        assertThatThrownBy(() -> ONE.callsBehind(begun, style(format)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("a call of a tool begins");
        assertThat(AskedTools.NONE.callsBehind(begun, style(format))).isNull();
    }

    @Test
    void callsThatAreAWholeReplyComeBehindNoText() {
        for (CallSyntax syntax : CallSyntaxes.ALL) {
            boolean anywhere = syntax.place() == CallSyntax.Placement.ANYWHERE;
            assertThat(ONE.callsBehind("I look. ", style(syntax, true)) != null)
                    .as(syntax.name())
                    .isEqualTo(anywhere);
            assertThat(ONE.callsBehind("", style(syntax, true))).isNotNull();
            assertThat(ONE.callsBehind("\n", style(syntax, true))).isNotNull();
        }
    }
}
