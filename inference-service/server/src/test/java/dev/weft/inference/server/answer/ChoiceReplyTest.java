package dev.weft.inference.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.ReplyReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Log-probabilities beside thoughts that the reader does not get. */
class ChoiceReplyTest {
    private static final String THOUGHT = "<think>\nhm, {\n</think>";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "llama3_json;{\"name\": \"nobody\"}",
                "llama3_json;{\"no\": 1}",
                "llama3_json;<|python_tag|>",
                "pythonic;[now or never]",
                "pythonic;[1, 2]",
                "hermes;<tool_ and so on",
                "hermes;Four.",
                "hermes;§ 4",
                "llama3_json;§ 4 {\"name\": \"now\"}"
            })
    void anAnswerThatBeginsLikeACallHasThoseOfAllItsTokens(String format, String answer) {
        for (String gap : List.of("", "\n\n")) {
            String reply = THOUGHT + gap + answer;
            for (int piece : new int[] {1, 7, reply.length()}) {
                assertThat(told(format, reply, piece).strip())
                        .as("%s in pieces of %d", reply, piece)
                        .isEqualTo(answer.replace("§", "¤§"));
            }
        }
    }

    /**
     * The text of the tokens that come with log-probabilities. Each character is a token; § is two,
     * of which the first, ¤, has no text yet.
     */
    private static String told(String format, String reply, int piece) {
        ReplyRule.Calls calls =
                new ReplyRule.Calls(
                        CallSyntaxes.named(format).orElseThrow(),
                        List.of(new Tool("now", JsonNodeFactory.instance.objectNode(), false)),
                        false,
                        true);
        ReplyRule rule = new ReplyRule(calls, new Thought("<think>", "</think>", false));
        ChoiceReply choice =
                new ChoiceReply(0, new ReplyReading(true, Set.of(), rule, true, false));
        StringBuilder told = new StringBuilder();
        for (int from = 0; from < reply.length(); from += piece) {
            int to = Math.min(reply.length(), from + piece);
            List<ScoredToken> tokens = new ArrayList<>();
            for (int i = from; i < to; i++) {
                if (reply.charAt(i) == '§') {
                    tokens.add(new ScoredToken('¤', -1, List.of(), i));
                }
                tokens.add(new ScoredToken(reply.charAt(i), -1, List.of(), i));
            }
            EndReason end = to == reply.length() ? EndReason.STOP : null;
            choice.add(new TextUpdate(reply.substring(from, to), tokens, end, null, false), to)
                    .ifPresent(update ->
                            update.tokens().forEach(token -> told.append((char) token.token())));
        }
        return told.toString();
    }
}
