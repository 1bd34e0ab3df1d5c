package dev.weft.gateway.rollout.shadow.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.usage.TokenCount;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of answers in the shapes of all interfaces, and what is said of two of them. */
class AnswerTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'choices':[{'message':{'content':'hi'},'finish_reason':'stop'}]} | hi | stop",
                "{'choices':[{'text':'hi','finish_reason':'length'}]} | hi | length",
                "{'choices':[{'index':1,'text':'no'},{'index':0,'text':'hi'}]} | hi | ~~",
                "{'choices':[{'message':{'content':null,'tool_calls':[{'function':{'name':'f',"
                        + "'arguments':'{}'}}]},'finish_reason':'tool_calls'}]} | f{} | tool_calls",
                "{'type':'message','content':[{'type':'text','text':'hi'}],"
                        + "'stop_reason':'end_turn'} | hi | end_turn",
                "{'type':'message','content':[{'type':'tool_use','name':'f','input':{'a':1}}],"
                        + "'stop_reason':'tool_use'} | f{'a':1} | tool_use",
                "{'object':'response','status':'completed','output':[{'type':'function_call',"
                        + "'name':'f','arguments':'{}'}]} | f{} | completed",
                "{'object':'response','status':'completed','output':[{'content':["
                        + "{'type':'output_text','text':'hi'}]}]} | hi | completed",
                "nonsense | ~~ | ~~",
                "[1] | ~~ | ~~"
            })
    void anAnswerInOnePiece(String body, String text, String finish) {
        assertThat(AnswerText.read(said(body.replace('\'', '"'), false)))
                .isEqualTo(new AnswerText(text.replace('\'', '"'), finish));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'content_block_start','content_block':{'type':'tool_use','name':'f'}} |"
                        + " {'type':'content_block_delta','delta':{'partial_json':'{}'}}",
                "{'type':'response.output_item.added','item':{'type':'function_call','name':'f'}} |"
                        + " {'type':'response.function_call_arguments.delta','delta':'{}'}"
            })
    void theNameOfAStreamedCallIsText(String begins, String goesOn) {
        String stream = "data: %s\n\ndata: %s\n\n".formatted(begins, goesOn).replace('\'', '"');
        assertThat(AnswerText.read(said(stream, true)).text()).isEqualTo("f{}");
    }

    @Test
    void streams() {
        assertThat(
                        AnswerText.read(
                                said(
                                        """
                                        data: {"choices":[{"index":0,"delta":{"content":"a"}}]}

                                        data: {"choices":[{"index":1,"delta":{"content":"x"}}]}

                                        data: {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}

                                        data: [DONE]

                                        """,
                                        true)))
                .isEqualTo(new AnswerText("ab", "stop"));
        assertThat(
                        AnswerText.read(
                                said(
                                        """
                                        event: content_block_start
                                        data: {"type":"content_block_start","content_block":{"type":"text","text":""}}

                                        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}

                                        data: {"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}

                                        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}

                                        """,
                                        true)))
                .isEqualTo(new AnswerText("a{", "end_turn"));
        assertThat(
                        AnswerText.read(
                                said(
                                        """
                                        data: {"type":"response.output_text.delta","delta":"a"}

                                        data: {"type":"response.output_text.done","text":"a"}

                                        data: {"type":"response.completed","response":{"status":"completed"}}

                                        """,
                                        true)))
                .isEqualTo(new AnswerText("a", "completed"));
    }

    @Test
    void onlyAnswersWithoutChanceAreHeldAgainstEachOther() {
        Likeness warm = likeness("{\"model\":\"m\",\"temperature\":0.7}", "abc", "abd");
        assertThat(warm).isEqualTo(new Likeness(1, 3, 4, 1, 0, 0, 0));
        Likeness cold = likeness("{\"model\":\"m\",\"temperature\":0}", "abcd", "ab");
        assertThat(cold).isEqualTo(new Likeness(1, 3, 4, 1, 1, 0, 0.5));
        assertThat(likeness("{\"temperature\":0.0}", "ab", "ab").sameText()).isEqualTo(1);
        assertThat(likeness("{\"temperature\":0}", "", "").prefix()).isEqualTo(1);
        assertThat(likeness("{\"temperature\":\"0\"}", "a", "a").greedy()).isZero();
    }

    @Test
    void whatIsCutIsNotComparedByItsText() {
        Said cut = new Said(bytes("{"), false, false);
        Likeness likeness =
                AnswerComparison.of(bytes("{\"temperature\":0}"), cut, null, answer("a"), null);
        assertThat(likeness).isEqualTo(new Likeness(1, 0, 0, 0, 0, 0, 0));
    }

    private static Likeness likeness(String request, String served, String candidate) {
        return AnswerComparison.of(
                bytes(request),
                answer(served),
                new TokenCount(2, 3),
                answer(candidate),
                new TokenCount(2, 4));
    }

    private static Said answer(String text) {
        return said(
                "{\"choices\":[{\"text\":\"" + text + "\",\"finish_reason\":\"stop\"}]}", false);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Said said(String body, boolean stream) {
        return new Said(bytes(body), stream, true);
    }
}
