package dev.weft.inference.server.http.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.http.TalkingWorker;
import dev.weft.inference.server.http.WorkerClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** System prompts of {@code /v1/messages} and {@code /v1/responses}, and what templates get. */
@Timeout(400)
class SystemMessagesTest {
    private static final String MESSAGES = "/v1/messages";

    /** Has a system prompt of its own, as Qwen 2.5, and takes others wherever they are. */
    private static final String ANYWHERE =
            """
            {%- if messages[0].role != 'system' %}[system]default{% endif %}
            {%- for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}\
            """;

    private static final String RAISES =
            """
            {%- for m in messages %}
            {%- if m.role == 'system' and not loop.first %}
            {{- raise_exception('System message must be at the beginning.') }}
            {%- endif %}[{{ m.role }}]{{ m.content }}{% endfor %}\
            """;

    private static final String DROPS =
            """
            {%- for m in messages %}
            {%- if m.role != 'system' or loop.first %}[{{ m.role }}]{{ m.content }}{% endif %}
            {%- endfor %}\
            """;

    private static final String LATER =
            """
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},
            {"role":"system","content":[{"type":"text","text":"be"},{"type":"text","text":"kind"}]},
            {"role":"system","content":""},{"role":"user","content":"c"}]\
            """;

    @TempDir private Path data;

    private static String message(String more) {
        return "{\"model\":\"test-base\",\"max_tokens\":9," + more + "}";
    }

    private static void answered(TalkingWorker worker, String path, String body) throws Exception {
        worker.reply = "x";
        HttpResponse<String> answer = worker.client.send(worker.client.post(path, body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void anEmptySystemPromptIsNone() throws Exception {
        try (TalkingWorker worker = TalkingWorker.start(data, ANYWHERE)) {
            String asked = ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
            String empty = "{\"type\":\"text\",\"text\":\"\"}";
            for (String system :
                    List.of(
                            "null",
                            "\"\"",
                            "[]",
                            "[" + empty + "]",
                            "[" + empty + "," + empty + "]")) {
                answered(worker, MESSAGES, message("\"system\":" + system + asked));
                assertThat(worker.prompt()).isEqualTo("[system]default[user]hi");
            }
            answered(
                    worker,
                    "/v1/responses",
                    "{\"model\":\"test-base\",\"input\":\"=\",\"instructions\":\"\"}");
            assertThat(worker.prompt()).isEqualTo("[system]default[user]=");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANYWHERE | [system]first[user]a[assistant]b[system]be~kind[user]c",
                "RAISES | [system]first~be~kind[user]a[assistant]b[user]c",
                "DROPS | [system]first~be~kind[user]a[assistant]b[user]c",
            })
    void systemMessagesStandWhereTheTemplateTakesThem(String name, String prompt) throws Exception {
        String template =
                switch (name) {
                    case "RAISES" -> RAISES;
                    case "DROPS" -> DROPS;
                    default -> ANYWHERE;
                };
        try (TalkingWorker worker = TalkingWorker.start(data, template)) {
            String body = message("\"system\":\"first\"," + LATER);
            answered(worker, MESSAGES, body);
            assertThat(worker.prompt()).isEqualTo(prompt.replace('~', '\n'));
            assertThat(counted(worker, body)).isEqualTo(prompt.length());
        }
    }

    @Test
    void aFirstMessageOfTheSystemIsItsPrompt() throws Exception {
        try (TalkingWorker worker = TalkingWorker.start(data, RAISES)) {
            String asked =
                    "\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"},"
                            + "{\"role\":\"user\",\"content\":\"hi\"}]";
            answered(worker, MESSAGES, message(asked));
            assertThat(worker.prompt()).isEqualTo("[system]be kind[user]hi");
        }
    }

    /** The client's own words for its template stay as they are. */
    @Test
    void templatesGetTheirVariables() throws Exception {
        String template = "{{ messages[-1].content }}{{ style }},{{ enable_thinking }}";
        String style = "\"chat_template_kwargs\":{\"style\":\"s\"}";
        String think = "\"chat_template_kwargs\":{\"enable_thinking\":true}";
        String disabled = "\"thinking\":{\"type\":\"disabled\"}";
        Map<String, String> prompts =
                Map.of(
                        style,
                        "=s,",
                        style + "," + disabled,
                        "=s,False",
                        think + "," + disabled,
                        "=,True",
                        disabled,
                        "=,False");
        try (TalkingWorker worker = TalkingWorker.start(data, template)) {
            for (Map.Entry<String, String> one : prompts.entrySet()) {
                String body =
                        message(
                                "\"messages\":[{\"role\":\"user\",\"content\":\"=\"}],"
                                        + one.getKey());
                answered(worker, MESSAGES, body);
                assertThat(worker.prompt()).isEqualTo(one.getValue());
                assertThat(counted(worker, body)).isEqualTo(one.getValue().length());
            }
        }
    }

    private static int counted(TalkingWorker worker, String body) throws Exception {
        return worker.client.json(MESSAGES + "/count_tokens", body).path("input_tokens").intValue();
    }

    @Test
    void responsesTakeThemToo() throws Exception {
        String template = "{{ messages[-1].content }}{{ style }}";
        try (TalkingWorker worker = TalkingWorker.start(data, template)) {
            String body = "{\"model\":\"test-base\",\"input\":\"=\",\"chat_template_kwargs\":%s}";
            answered(worker, "/v1/responses", body.formatted("{\"style\":\"s\"}"));
            assertThat(worker.prompt()).isEqualTo("=s");
            WorkerClient client = worker.client;
            for (String wrong : new String[] {"3", "{\"messages\":[]}"}) {
                HttpResponse<String> refused =
                        client.send(client.post("/v1/responses", body.formatted(wrong)));
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains("chat_template_kwargs");
            }
        }
    }
}
