package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers of the bundled sample that go on with a text. */
class ContinuedAnswersTest extends SampleFixture {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\",\"parameters\":"
                    + "{\"type\":\"object\",\"additionalProperties\":false}}}]";

    private static String messages(String text) {
        return "\"model\":\"test-base\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Is"
                   + " water wet?\"},{\"role\":\"assistant\",\"content\":"
                + JsonMapper.shared().writeValueAsString(text)
                + "}]";
    }

    private static String chat(String text, String more) {
        return "{"
                + messages(text)
                + ",\"continue_final_message\":true,\"add_generation_prompt\":false,"
                + more
                + "}";
    }

    private JsonNode choice(String text, String more) throws Exception {
        return client.json(CHAT, chat(text, more)).at("/choices/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Water", "It is wet, ", "Ja, naß 😀", ""})
    void theAnswerIsThatOfThePrompt(String text) throws Exception {
        String prompt = "<|im_start|>user\nIs water wet?<|im_end|>\n<|im_start|>assistant\n" + text;
        String plain =
                client.json(
                                "/v1/completions",
                                "{\"model\":\"test-base\",\"temperature\":0,\"max_tokens\":12,"
                                        + "\"add_special_tokens\":false,\"prompt\":"
                                        + JsonMapper.shared().writeValueAsString(prompt)
                                        + "}")
                        .at("/choices/0/text")
                        .stringValue();
        assertThat(choice(text, "\"max_tokens\":12").at("/message/content").stringValue())
                .isEqualTo(plain);
        if (text.equals(text.strip())) {
            JsonNode message =
                    client.json("/v1/messages", "{" + messages(text) + ",\"max_tokens\":12}");
            assertThat(message.at("/content/0/text").asString("")).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Here it is:\n", "{\"ok\":", "", "```json\n"})
    void aFormIsThatOfTheNewText(String text) throws Exception {
        JsonNode choice =
                choice(
                        text,
                        "\"max_tokens\":60,\"complete\":true,\"response_format\":{\"type\":"
                            + "\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":"
                            + "\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":"
                            + "[\"ok\"],\"additionalProperties\":false}}}");
        String content = choice.at("/message/content").stringValue();
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(WorkerClient.tree(content).path("ok").isBoolean()).as(content).isTrue();
        assertThat(
                        choice(text, "\"structured_outputs\":{\"choice\":[\"yes\",\"no\"]}")
                                .at("/message/content")
                                .stringValue())
                .isIn("yes", "no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"required\"", "{\"type\":\"function\",\"function\":{\"name\":\"now\"}}"})
    void noTextGoesOnAsACall(String toolChoice) throws Exception {
        String body = chat("So", TOOLS + ",\"tool_choice\":" + toolChoice);
        HttpResponse<String> answer = client.send(client.post(CHAT, body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo("tool_choice");
        assertThat(error.path("message").stringValue()).contains("continue_final_message");
    }

    @Test
    void toolsMayBeCalledBehindAText() throws Exception {
        JsonNode choice = choice("I look. ", TOOLS + ",\"max_tokens\":40");
        for (JsonNode call : choice.at("/message/tool_calls")) {
            assertThat(call.at("/function/name").stringValue()).isEqualTo("now");
        }
        assertThat(choice.path("finish_reason").stringValue())
                .isIn(List.of("stop", "length", "tool_calls"));
    }
}
