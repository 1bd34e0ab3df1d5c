package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.WorkerService;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Thoughts of a bounded length before answers of a form: the sample thinks if it has to. */
class HeldThoughtsTest extends SampleFixture {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":"
                    + "[\"ok\"],\"additionalProperties\":false}";

    @Override
    WorkerService worker(Path data) throws IOException {
        return TestWorker.thinkingSample(data);
    }

    private static void isTheForm(JsonNode text) {
        assertThat(WorkerClient.tree(text.stringValue()).path("ok").isBoolean())
                .as(text.stringValue())
                .isTrue();
    }

    @Test
    void aChatsThoughtHasItsBudget() throws Exception {
        JsonNode answer =
                client.json(
                        "/v1/chat/completions",
                        """
                        {"model":"test-base","messages":[{"role":"user","content":"Is it so?"}],
                        "max_tokens":120,"temperature":0,"thinking_token_budget":6,
                        "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":%s}}}
                        """
                                .formatted(SCHEMA));
        JsonNode message = answer.at("/choices/0/message");
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(message.path("reasoning").stringValue()).isNotEmpty();
        isTheForm(message.path("content"));
        assertThat(answer.at("/usage/completion_tokens_details/reasoning_tokens").intValue())
                .isBetween(1, 6 + "</think>".length());
    }

    @Test
    void aMessagesThoughtHasItsBudget() throws Exception {
        for (String form :
                new String[] {"\"output_config\":{\"format\":%s}", "\"output_format\":%s"}) {
            JsonNode answer =
                    client.json(
                            "/v1/messages",
                            """
                            {"model":"test-base","messages":[{"role":"user","content":"Is it so?"}],
                            "max_tokens":120,"temperature":0,
                            "thinking":{"type":"enabled","budget_tokens":6},%s}
                            """
                                    .formatted(
                                            form.formatted(
                                                    "{\"type\":\"json_schema\",\"schema\":"
                                                            + SCHEMA
                                                            + "}")));
            assertThat(answer.path("stop_reason").stringValue()).isEqualTo("end_turn");
            assertThat(answer.at("/content/0/type").stringValue()).isEqualTo("thinking");
            isTheForm(answer.at("/content/1/text"));
        }
    }

    @Test
    void aResponseHasItsForm() throws Exception {
        JsonNode answer =
                client.json(
                        "/v1/responses",
                        """
                        {"model":"test-base","input":"Is it so?","max_output_tokens":150,
                        "temperature":0,"complete":true,
                        "text":{"format":{"type":"json_schema","name":"x","schema":%s}}}
                        """
                                .formatted(SCHEMA));
        assertThat(answer.path("status").stringValue()).isEqualTo("completed");
        isTheForm(answer.at("/output/1/content/0/text"));
    }

    /** Though it begins with whitespace, of which a thought and what is behind it have none. */
    @Test
    void anExactFormIsWhole() throws Exception {
        for (String form :
                new String[] {"\"choice\":[\" yes\",\" no\"]", "\"regex\":\"\\n\\n[a-c]{3}\\n\""}) {
            JsonNode choice =
                    client.json(
                                    "/v1/chat/completions",
                                    """
                                    {"model":"test-base","messages":[{"role":"user","content":"Is it so?"}],
                                    "max_tokens":60,"temperature":0,"thinking_token_budget":6,
                                    "structured_outputs":{%s}}
                                    """
                                            .formatted(form))
                            .at("/choices/0");
            assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
            assertThat(choice.at("/message/content").stringValue())
                    .matches(" yes| no|\n\n[a-c]{3}\n");
        }
    }

    /** Its prompts open a thought where they open an answer. */
    @Test
    void anAnswerThatHasBegunHasNoThought() throws Exception {
        String continued =
                """
                {"model":"test-base","messages":[{"role":"user","content":"Is it so?"},
                {"role":"assistant","content":"%s"}],"max_tokens":60,"temperature":0,
                "continue_final_message":true,"add_generation_prompt":false,
                "thinking_token_budget":6,"complete":true,
                "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":%s}}}
                """;
        JsonNode message =
                client.json("/v1/chat/completions", continued.formatted("It is: ", SCHEMA))
                        .at("/choices/0/message");
        assertThat(message.has("reasoning")).isFalse();
        isTheForm(message.path("content"));

        JsonNode thinking =
                client.json("/v1/chat/completions", continued.formatted("<think>I see", SCHEMA))
                        .at("/choices/0/message");
        assertThat(thinking.path("reasoning").stringValue()).isNotEmpty();
        isTheForm(thinking.path("content"));
    }
}
